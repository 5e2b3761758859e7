//! Two years of feed: who wrote what, when, and who answered.

use super::{
    dice::Dice,
    people::{Person, at_noon},
    subjects::{self, Line, Subject},
    words::{self, Filled, Writer},
};
use chrono::{Days, NaiveDate};
use enishi_protocol::{
    Language,
    archive::{ArchivedComment, ArchivedPost},
    membership::Affiliation,
};
use std::collections::{BTreeMap, BTreeSet, HashSet};

const DAY_US: i64 = 24 * 3600 * 1_000_000;
const MINUTE_US: i64 = 60 * 1_000_000;
const REACTIONS: &[&str] = &["👍", "👍", "👍", "❤️", "❤️", "🙏", "😂", "👏"];
/// A comment that only somebody who is still at the company writes.
const FROM_INSIDE: &[&str] = &["人事の者です", "人事にいる", "現役です", "営業から一言"];

/// A post, and the group it was written in.
pub(super) struct Written {
    pub(super) group: Option<&'static str>,
    pub(super) post: ArchivedPost,
}

/// The feed from `opened` to just before `now_us`, oldest first.
pub(super) fn all(people: &[Person], opened: NaiveDate, now_us: i64) -> Vec<Written> {
    let subjects = subjects::all();
    let mut feed = Feed::new(people, &subjects, opened);
    let mut day = opened;
    while at_noon(day) < now_us {
        let members = people.iter().filter(|person| person.since <= day).count();
        // A community writes more as it grows: from one post a day to three or four.
        let posts = (80 + members * 2 + feed.dice.below(100)) / 100;
        for _ in 0..posts {
            feed.write_post(day, now_us);
        }
        day = day.checked_add_days(Days::new(1)).unwrap_or(day);
    }
    feed.written.sort_by_key(|written| written.post.created_us);
    feed.written
}

struct Feed<'a> {
    people: &'a [Person],
    opened: NaiveDate,
    subjects: &'a [Subject],
    openings: [Subject; 2],
    /// How often each body was used, by subject and place.
    used: BTreeMap<(usize, usize), usize>,
    texts: HashSet<String>,
    dice: Dice,
    written: Vec<Written>,
}

impl<'a> Feed<'a> {
    fn new(people: &'a [Person], subjects: &'a [Subject], opened: NaiveDate) -> Self {
        let openings = [subjects::openings(Language::Ja), subjects::openings(Language::En)];
        Self {
            people,
            opened,
            subjects,
            openings,
            used: BTreeMap::new(),
            texts: HashSet::new(),
            dice: Dice::new(2024),
            written: Vec::new(),
        }
    }

    fn write_post(&mut self, day: NaiveDate, now_us: i64) {
        for _ in 0..20 {
            let Some((subject, body)) = self.something_to_say(day) else { continue };
            let about = &self.subjects[subject];
            let Some(author) = self.somebody(day, None, |person| may_write(person, about)) else { continue };
            let mut filled = Filled::new();
            let text = self.text(subject, body, author, day, &mut filled);
            if !self.texts.insert(text.clone()) {
                continue;
            }
            *self.used.entry((subject, body)).or_default() += 1;
            let at_us =
                at_noon(day) + self.dice.between(-5 * 60, 11 * 60) * MINUTE_US + self.dice.between(0, MINUTE_US);
            if at_us < now_us {
                self.finish(subject, author, text, at_us, &filled, now_us);
            }
            return;
        }
    }

    /// A subject of the season and one of its bodies, the less worn of two.
    fn something_to_say(&mut self, day: NaiveDate) -> Option<(usize, usize)> {
        let subject = self.dice.below(self.subjects.len());
        let chosen = &self.subjects[subject];
        if !chosen.fits(day) || (chosen.by_staff && !self.dice.chance(45)) {
            return None;
        }
        let uses = |body: usize| self.used.get(&(subject, body)).copied().unwrap_or_default();
        let mut fresh: Vec<_> = (0..chosen.bodies.len())
            .filter(|body| chosen.bodies[*body].fits(day))
            .filter(|body| uses(*body) < chosen.bodies[*body].uses())
            .collect();
        // What is said only once shall not all be said in the first months.
        let age = usize::try_from((day - self.opened).num_days()).unwrap_or_default();
        fresh.retain(|body| chosen.bodies[*body].uses() > 1 || (subject * 131 + body * 37) % 640 < age);
        if fresh.is_empty() {
            return None;
        }
        let two = [*self.dice.pick(&fresh), *self.dice.pick(&fresh)];
        two.into_iter().min_by_key(|body| uses(*body)).map(|body| (subject, body))
    }

    /// A member of that day who fits; those who write much are chosen more often.
    fn somebody(&mut self, day: NaiveDate, but: Option<&Person>, fits: impl Fn(&Person) -> bool) -> Option<&'a Person> {
        let here = |person: &&Person| person.since <= day && but.is_none_or(|but| but.id != person.id) && fits(person);
        let people: Vec<_> = self.people.iter().filter(here).collect();
        let all: usize = people.iter().map(|person| person.activity).sum();
        let mut place = self.dice.below(all);
        people.into_iter().find(|person| {
            let chosen = place < person.activity;
            place = place.saturating_sub(person.activity);
            chosen
        })
    }

    fn text(&mut self, subject: usize, body: usize, author: &Person, day: NaiveDate, filled: &mut Filled) -> String {
        let subject = &self.subjects[subject];
        let dice = &mut self.dice;
        let mut lines: Vec<&Line> = Vec::new();
        let greetings = &self.openings[usize::from(subject.language == Language::En)];
        if !subject.by_staff && dice.chance(25) {
            lines.push(dice.pick(&greetings.bodies));
        }
        lines.push(&subject.bodies[body]);
        if dice.chance(80) {
            lines.push(dice.pick(&subject.closings));
        }
        let peers = peers(self.people, author, subject.language);
        let writer = Writer { person: author, day, language: subject.language, peers: &peers };
        filled.insert("op".into(), writer.call(author));
        let between = match (subject.language, dice.chance(35)) {
            (_, true) => "\n",
            (Language::Ja, false) => "",
            (Language::En, false) => " ",
        };
        let kept = lines.into_iter().filter(|line| line.fits(day));
        kept.map(|line| writer.write(line.text, filled, dice)).collect::<Vec<_>>().join(between)
    }

    fn finish(&mut self, subject: usize, author: &Person, text: String, at_us: i64, filled: &Filled, now_us: i64) {
        let comments = self.comments(subject, author, &text, at_us, filled, now_us);
        let reactions = self.reactions(subject, author, at_us);
        let subject = &self.subjects[subject];
        let post = ArchivedPost {
            id: self.dice.id(at_us).into(),
            group: None,
            author: author.id.into(),
            kind: subject.kind,
            text,
            created_us: at_us,
            pinned: false,
            comments,
            reactions,
            poll: None,
        };
        self.written.push(Written { group: subject.group, post });
    }

    fn comments(
        &mut self,
        subject: usize,
        author: &Person,
        post: &str,
        at_us: i64,
        filled: &Filled,
        now_us: i64,
    ) -> Vec<ArchivedComment> {
        let mut comments: Vec<ArchivedComment> = Vec::new();
        let mut lines = self.lines_that_answer(subject, post, filled);
        let mut at_us = at_us;
        for _ in 0..self.dice.below(5) {
            at_us += self.dice.between(4, 60) * self.dice.between(1, 14) * MINUTE_US;
            if lines.is_empty() || at_us >= now_us {
                break;
            }
            let (line, number) = lines.swap_remove(self.dice.below(lines.len()));
            let Some(comment) = self.comment(author, line, at_us, filled) else { continue };
            if comments.iter().any(|earlier| earlier.author == comment.author) {
                continue;
            }
            let id = comment.id;
            comments.push(comment);
            let answer = number.and_then(|number| self.answer(subject, number));
            at_us += self.dice.between(3, 90) * MINUTE_US;
            if let (Some(line), true) = (answer, at_us < now_us) {
                comments.push(self.answered(author, line, subject, at_us, filled, id));
            }
        }
        comments
    }

    /// Comments that fit, each with its number in its subject where it has one.
    fn lines_that_answer(&mut self, subject: usize, post: &str, filled: &Filled) -> Vec<(&'static str, Option<usize>)> {
        let subject = &self.subjects[subject];
        let fits = |line: &Line| line.answers_to(post) && words::has_what_it_needs(line.text, filled);
        let own = subject.comments.iter().enumerate().filter(|(_, line)| fits(line));
        let mut lines: Vec<_> = own.map(|(number, line)| (line.text, Some(number))).collect();
        if self.dice.chance(30) {
            let any = &self.openings[usize::from(subject.language == Language::En)].comments;
            lines.push((self.dice.pick(any).text, None));
        }
        lines
    }

    fn comment(&mut self, author: &Person, line: &str, at_us: i64, filled: &Filled) -> Option<ArchivedComment> {
        let day = day_of(at_us);
        let language = if line.is_ascii() { Language::En } else { Language::Ja };
        let from_inside = FROM_INSIDE.iter().any(|words| line.contains(words));
        let speaks = |person: &Person| match language {
            Language::Ja => !person.from_abroad,
            Language::En => person.english,
        };
        let fits = |person: &Person| speaks(person) && (person.affiliation == Affiliation::Employee || !from_inside);
        let writer = self.somebody(day, Some(author), fits)?;
        Some(self.written_by(writer, line, language, at_us, filled, author))
    }

    fn written_by(
        &mut self,
        person: &Person,
        line: &str,
        language: Language,
        at_us: i64,
        filled: &Filled,
        author: &Person,
    ) -> ArchivedComment {
        let peers: Vec<_> =
            peers(self.people, person, language).into_iter().filter(|peer| peer.id != author.id).collect();
        let writer = Writer { person, day: day_of(at_us), language, peers: &peers };
        let text = writer.write(line, &mut words::shared(filled), &mut self.dice);
        let id = self.dice.id(at_us).into();
        ArchivedComment { id, reply_to: None, author: person.id.into(), text, created_us: at_us }
    }

    fn answer(&mut self, subject: usize, number: usize) -> Option<&'static str> {
        let answers = &self.subjects[subject].answers;
        let fitting: Vec<_> = answers.iter().filter(|line| line.answers.contains(&number)).collect();
        (!fitting.is_empty() && self.dice.chance(65)).then(|| self.dice.pick(&fitting).text)
    }

    fn answered(
        &mut self,
        author: &Person,
        line: &str,
        subject: usize,
        at_us: i64,
        filled: &Filled,
        to: enishi_protocol::CommentId,
    ) -> ArchivedComment {
        let language = self.subjects[subject].language;
        let comment = self.written_by(author, line, language, at_us, filled, author);
        ArchivedComment { reply_to: Some(to), ..comment }
    }

    fn reactions(
        &mut self,
        subject: usize,
        author: &Person,
        at_us: i64,
    ) -> BTreeMap<String, Vec<enishi_protocol::MemberId>> {
        let mut reactions = BTreeMap::<String, BTreeSet<enishi_protocol::MemberId>>::new();
        let merry =
            matches!(self.subjects[subject].name, "newjob" | "en_newjob" | "dokuritsu" | "shinseihin" | "demodori");
        let most = 2 + self.dice.below(9);
        for _ in 0..self.dice.below(most) {
            let language = self.subjects[subject].language;
            let reads = |person: &Person| language == Language::Ja || person.english;
            let Some(person) = self.somebody(day_of(at_us), Some(author), reads) else { continue };
            let reaction = if merry && self.dice.chance(50) { "🎉" } else { *self.dice.pick(REACTIONS) };
            reactions.entry(reaction.to_owned()).or_default().insert(person.id.into());
        }
        reactions.into_iter().map(|(reaction, members)| (reaction, members.into_iter().collect())).collect()
    }
}

fn may_write(person: &Person, subject: &Subject) -> bool {
    match (subject.by_staff, subject.language) {
        (true, _) => person.role != enishi_protocol::membership::Role::Member,
        (false, _) if person.left.is_none() => false,
        (false, Language::Ja) => !person.from_abroad,
        (false, Language::En) => person.english,
    }
}

/// Whom somebody may speak of in that language.
fn peers<'a>(people: &'a [Person], but: &Person, language: Language) -> Vec<&'a Person> {
    let fits = |person: &&Person| person.id != but.id && (language == Language::En || !person.from_abroad);
    people.iter().filter(fits).collect()
}

fn day_of(at_us: i64) -> NaiveDate {
    chrono::DateTime::from_timestamp_micros(at_us - at_us.rem_euclid(DAY_US)).unwrap_or_default().date_naive()
}
