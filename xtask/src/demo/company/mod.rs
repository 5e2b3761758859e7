//! The demo's company: 青嶺計器, which makes flow meters, the 5,000 people who left it, and two years
//! of what its community wrote. All of it is made up here; the same each time but for the dates,
//! which end today.

mod dice;
mod feed;
mod leavers;
mod names;
mod people;
mod places;
pub(super) mod registry;
mod subjects;
mod words;

use chrono::{DateTime, Days};
use enishi_protocol::{
    GroupId, MemberId,
    archive::{ARCHIVE_VERSION, ArchiveHead, ArchivedGroup, ArchivedGroupMember, ArchivedMember, Record},
    groups::Joining,
    membership::{Audience, OwnField, ProfileField, Standing},
};
use feed::Written;
pub(super) use leavers::Leaver;
use people::{Person, at_noon};
use places::{CITIES, DEPARTMENTS, EMPLOYERS, WORK};
use std::collections::{BTreeMap, BTreeSet};

/// The company's community.
pub(super) const NAME: &str = "青嶺計器アルムナイ会";

const GROUPS: &[(&str, &str)] = &[
    ("品質と計測の話", "校正、不確かさ、現場の困りごと。現役の人も社外の人も。"),
    ("子育てと介護", "家のことと仕事のことを、気兼ねなく。"),
    ("独立と副業", "一人で働く人、始めようとしている人。"),
    ("キャリアと出戻り", "転職、出戻り、募集。急かさない、詮索しない。"),
    ("岡谷工場OB・OG", "岡谷で働いた人の集まり。"),
    ("English corner", "Questions and conversation in English."),
];

/// The two people whose phones the demo shows.
pub(super) fn heroes() -> [Leaver; 2] {
    let mut leavers = leavers::all();
    leavers.truncate(2);
    let mut leavers = leavers.into_iter();
    [(); 2].map(|()| leavers.next().unwrap_or_else(|| unreachable!("there are 5,000")))
}

/// A leaver whom the company can write to, beside those two.
pub(super) fn helper() -> Leaver {
    let reached = leavers::all().into_iter().skip(2).find(|leaver| leaver.address.is_some() && leaver.latin.is_none());
    reached.unwrap_or_else(|| unreachable!("most have an address"))
}

/// Two more whom the company can write to.
pub(super) fn reached() -> [Leaver; 2] {
    let reached =
        leavers::all().into_iter().skip(2).filter(|leaver| leaver.address.is_some() && leaver.latin.is_none());
    let mut reached = reached.skip(1);
    [(); 2].map(|()| reached.next().unwrap_or_else(|| unreachable!("most have an address")))
}

/// A leaver who takes no part in the story.
pub(super) fn newcomer() -> Leaver {
    let mut others =
        leavers::all().into_iter().skip(2).filter(|leaver| leaver.address.is_some() && leaver.latin.is_none());
    others.next_back().unwrap_or_else(|| unreachable!("most have an address"))
}

/// A leaver whose address the company does not know.
pub(super) fn unreached() -> Leaver {
    let unreached =
        leavers::all().into_iter().skip(2).find(|leaver| leaver.address.is_none() && leaver.latin.is_none());
    unreached.unwrap_or_else(|| unreachable!("some have no address"))
}

/// The community's archive up to now, one record a line.
pub(super) fn archive(now_us: i64) -> Vec<Record> {
    let today = DateTime::from_timestamp_micros(now_us).unwrap_or_default().date_naive();
    let opened = today.checked_sub_days(Days::new(730)).unwrap_or(today);
    let people = people::all(opened);
    let mut dice = dice::Dice::new(7);
    let groups: BTreeMap<&str, GroupId> =
        GROUPS.iter().map(|(name, _)| (*name, dice.id(at_noon(opened)).into())).collect();
    let feed = feed::all(&people, opened, now_us);

    let head = ArchiveHead { version: ARCHIVE_VERSION, community: NAME.into(), made_us: now_us };
    let mut records = vec![Record::Archive(head)];
    records.extend(people.iter().map(|person| Record::Member(member(person))));
    for (name, description) in GROUPS {
        records.push(Record::Group(group(name, description, groups[name], &people, &feed)));
    }
    records.extend(feed.into_iter().map(|written| {
        let mut post = written.post;
        post.group = written.group.map(|name| groups[name]);
        Record::Post(post)
    }));
    records
}

fn member(person: &Person) -> ArchivedMember {
    let of = |word: &places::Word| if person.from_abroad { word.1.to_owned() } else { word.0.to_owned() };
    let mut profile = vec![
        (ProfileField::Department, of(&DEPARTMENTS[person.department]), Audience::Everyone),
        (ProfileField::JoinedYear, person.joined.to_string(), Audience::Everyone),
        (ProfileField::Location, of(&CITIES[person.city]), Audience::Groups),
    ];
    if let Some(left) = person.left {
        profile.push((ProfileField::LeftYear, left.to_string(), Audience::Everyone));
        profile.push((ProfileField::Employer, of(&EMPLOYERS[person.employer]), Audience::Everyone));
        profile.push((ProfileField::Expertise, of(&WORK[person.work]), Audience::Everyone));
    }
    ArchivedMember {
        id: person.id.into(),
        name: person.name.clone(),
        role: person.role,
        affiliation: person.affiliation,
        standing: Standing::Active,
        joined_us: at_noon(person.since),
        profile: profile.into_iter().map(|(field, value, audience)| (field, OwnField { value, audience })).collect(),
    }
}

/// A group with those who wrote in it; the first of them keeps it.
fn group(name: &str, description: &str, id: GroupId, people: &[Person], feed: &[Written]) -> ArchivedGroup {
    let mut wrote = BTreeSet::<MemberId>::new();
    let mut first = None;
    for written in feed.iter().filter(|written| written.group == Some(name)) {
        first.get_or_insert(written.post.author);
        wrote.insert(written.post.author);
        wrote.extend(written.post.comments.iter().map(|comment| comment.author));
        wrote.extend(written.post.reactions.values().flatten());
    }
    let members = people.iter().filter(|person| wrote.contains(&person.id.into())).map(|person| ArchivedGroupMember {
        member: person.id.into(),
        keeper: first == Some(person.id.into()),
        joined_us: at_noon(person.since),
    });
    ArchivedGroup {
        id,
        name: name.into(),
        description: description.into(),
        joining: Joining::Open,
        secret: false,
        closed_to_staff: false,
        created_us: people.first().map_or(0, |person| at_noon(person.since)),
        members: members.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    /// 1 June 2026, noon in Japan.
    const NOW: i64 = 1_780_282_800_000_000;

    fn posts() -> Vec<enishi_protocol::archive::ArchivedPost> {
        let posts = archive(NOW).into_iter().filter_map(|record| match record {
            Record::Post(post) => Some(post),
            _ => None,
        });
        posts.collect()
    }

    #[test]
    fn two_years_of_feed_and_no_two_posts_alike() {
        let posts = posts();
        let texts: HashSet<_> = posts.iter().map(|post| &post.text).collect();
        assert_eq!(texts.len(), posts.len());
        assert!((1_400..2_500).contains(&posts.len()), "{}", posts.len());
        let english = posts.iter().filter(|post| post.text.is_ascii()).count();
        assert!((posts.len() / 8..posts.len() / 3).contains(&english), "{english} of {}", posts.len());
        assert!(posts.iter().filter(|post| post.text.contains("退職")).count() > 50);
        assert!(posts.is_sorted_by_key(|post| post.created_us));
    }

    #[test]
    fn no_slot_stays_unfilled_and_nobody_comments_before_the_post() {
        for post in posts() {
            let texts = post.comments.iter().map(|comment| &comment.text).chain([&post.text]);
            for text in texts {
                assert!(!text.contains(['{', '}']), "{text}");
            }
            let times: Vec<_> = post.comments.iter().map(|comment| comment.created_us).collect();
            assert!(times.is_sorted() && times.iter().all(|at| (post.created_us..NOW).contains(at)));
        }
    }

    #[test]
    fn every_record_reads_back_as_written() {
        for record in archive(NOW) {
            let line = serde_json::to_string(&record).expect("writes");
            assert_eq!(serde_json::from_str::<Record>(&line).expect("reads"), record);
        }
    }

    #[test]
    fn members_of_a_group_include_all_who_wrote_in_it() {
        let records = archive(NOW);
        let mut members = BTreeMap::new();
        for record in &records {
            if let Record::Group(group) = record {
                members.insert(group.id, group.members.iter().map(|one| one.member).collect::<HashSet<_>>());
                assert_eq!(group.members.iter().filter(|member| member.keeper).count(), 1, "{}", group.name);
            }
            if let Record::Post(post) = record
                && let Some(group) = post.group
            {
                assert!(members[&group].contains(&post.author));
            }
        }
    }
}
