//! The posts that everything is measured with: about 540 bytes of JSON each, the same every time.
//!
//! Half of the words are Japanese, half English, in 400 bytes of text; twenty groups, five hundred
//! authors, one post a second. Other products can be measured with the same posts.

use serde::{Deserialize, Serialize};

/// Groups that posts stand in.
pub(super) const GROUPS: usize = 20;
/// Members who write.
pub(super) const AUTHORS: usize = 500;

const TEXT_BYTES: usize = 400;
const JAPANESE: [&str; 12] = [
    "今日は",
    "町内会の",
    "お知らせ",
    "です。",
    "明日の",
    "清掃活動は",
    "雨天の場合",
    "中止します。",
    "参加できる方は",
    "返信を",
    "お願い",
    "いたします。",
];
const ENGLISH: [&str; 12] = [
    "meeting ",
    "notice ",
    "community ",
    "please ",
    "reply ",
    "before ",
    "Friday ",
    "thanks ",
    "volunteers ",
    "needed ",
    "garden ",
    "schedule ",
];

/// A post as a plain store would keep it.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Post {
    pub(super) id: String,
    pub(super) author: String,
    pub(super) group: String,
    pub(super) body: String,
    pub(super) created_at: String,
}

/// The same post by numbers, to be given ids of a community's own.
pub(super) struct Numbered {
    pub(super) author: usize,
    pub(super) group: usize,
    pub(super) text: String,
    id: (u32, u32),
}

/// Post number `number`.
pub(super) fn numbered(number: usize) -> Numbered {
    let mut dice = Dice(u32::try_from(number).unwrap_or(u32::MAX).wrapping_add(1));
    let mut text = String::new();
    while text.len() < TEXT_BYTES {
        let rolled = dice.roll();
        let words = if rolled.is_multiple_of(2) { &JAPANESE } else { &ENGLISH };
        text.push_str(words[(rolled / 2) as usize % words.len()]);
    }
    let id = (dice.roll(), dice.roll());
    Numbered { author: dice.roll() as usize % AUTHORS, group: dice.roll() as usize % GROUPS, text, id }
}

/// Post number `number`, with everything as text.
pub(super) fn post(number: usize) -> Post {
    let Numbered { author, group, text: body, id } = numbered(number);
    let (day, hour, minute, second) = (1 + number / 86_400, number / 3_600 % 24, number / 60 % 60, number % 60);
    Post {
        id: format!("post-{number:010}-{:08x}{:08x}", id.0, id.1),
        author: format!("user-{author:06}"),
        group: format!("group-{group:03}"),
        body,
        created_at: format!("2026-01-{day:02}T{hour:02}:{minute:02}:{second:02}.000Z"),
    }
}

struct Dice(u32);

impl Dice {
    fn roll(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        self.0 >> 8
    }
}

#[cfg(test)]
mod tests {
    use super::post;

    #[test]
    fn a_post_is_the_one_that_other_products_are_measured_with() {
        let (first, later) = (post(0), post(123_456));
        assert_eq!(first.id, "post-0000000000-00f52dcd00f99917");
        assert_eq!((first.author.as_str(), first.group.as_str()), ("user-000260", "group-002"));
        assert!(first.body.starts_with("reply garden volunteers 町内会のFriday meeting"), "{}", first.body);
        assert_eq!(later.id, "post-0000123456-0085af3600272823");
        assert_eq!((later.author.as_str(), later.group.as_str()), ("user-000238", "group-015"));
        assert_eq!(later.created_at, "2026-01-02T10:17:36.000Z");
    }
}
