//! What people write about: lines from `text/`, one block a subject.
//!
//! A block begins with `== name | key=value | …` (`group`, `kind`, `by`, `months`). Its lines are
//! bodies (`b`) and closings (`c`) of posts, comments (`r`) and the author's answers (`a`).
//! `@3,4` keeps a line to these months, `[word/word]` keeps a comment to posts with such a word,
//! and an answer names by number the comments that it answers. `{slots}` are filled by `words`.

use chrono::{Datelike, NaiveDate};
use enishi_protocol::{Language, feed::PostKind};

const TEXTS: &[(Language, &str)] = &[
    (Language::Ja, include_str!("text/meeting.txt")),
    (Language::Ja, include_str!("text/work.txt")),
    (Language::Ja, include_str!("text/leaving.txt")),
    (Language::Ja, include_str!("text/life.txt")),
    (Language::Ja, include_str!("text/company.txt")),
    (Language::Ja, include_str!("text/craft.txt")),
    (Language::Ja, include_str!("text/season.txt")),
    (Language::Ja, include_str!("text/people.txt")),
    (Language::En, include_str!("text/english_work.txt")),
    (Language::En, include_str!("text/english_life.txt")),
];

/// Something to write about.
pub(super) struct Subject {
    pub(super) name: &'static str,
    pub(super) language: Language,
    pub(super) group: Option<&'static str>,
    pub(super) kind: PostKind,
    /// Only those who run the community write about it.
    pub(super) by_staff: bool,
    months: Vec<u32>,
    pub(super) bodies: Vec<Line>,
    pub(super) closings: Vec<Line>,
    pub(super) comments: Vec<Line>,
    pub(super) answers: Vec<Line>,
}

/// A line with what it is kept to.
#[derive(Debug)]
pub(super) struct Line {
    months: Vec<u32>,
    words: Vec<&'static str>,
    /// Of an answer: the comments that it answers, from 0.
    pub(super) answers: Vec<usize>,
    pub(super) text: &'static str,
}

/// All subjects.
pub(super) fn all() -> Vec<Subject> {
    TEXTS.iter().flat_map(|(language, text)| read(*language, text)).collect()
}

/// Ways to begin a post, and comments that fit any, in both languages.
pub(super) fn openings(language: Language) -> Subject {
    let name = if language == Language::Ja { "ja" } else { "en" };
    let mut both = read(language, include_str!("text/openings.txt"));
    let place = both.iter().position(|subject| subject.name == name).unwrap_or_default();
    both.swap_remove(place)
}

fn read(language: Language, text: &'static str) -> Vec<Subject> {
    let mut subjects: Vec<Subject> = Vec::new();
    for line in text.lines() {
        if let Some(head) = line.strip_prefix("== ") {
            subjects.push(Subject::of_head(language, head));
        } else if let (Some((mark, rest)), Some(subject)) = (line.split_once(' '), subjects.last_mut()) {
            let lines = match mark {
                "b" => &mut subject.bodies,
                "c" => &mut subject.closings,
                "r" => &mut subject.comments,
                _ => &mut subject.answers,
            };
            lines.push(Line::read(rest, mark == "a"));
        }
    }
    subjects
}

impl Subject {
    fn of_head(language: Language, head: &'static str) -> Self {
        let mut parts = head.split(" | ");
        let name = parts.next().unwrap_or_default();
        let pairs: Vec<_> = parts.filter_map(|part| part.split_once('=')).collect();
        let value = |key| pairs.iter().find(|(name, _)| *name == key).map(|(_, value)| *value);
        Self {
            name,
            language,
            group: value("group").filter(|group| *group != "community"),
            kind: match value("kind") {
                Some("question") => PostKind::Question,
                Some("announcement") => PostKind::Announcement,
                _ => PostKind::Text,
            },
            by_staff: value("by").is_some(),
            months: numbers(value("months").unwrap_or_default()),
            bodies: Vec::new(),
            closings: Vec::new(),
            comments: Vec::new(),
            answers: Vec::new(),
        }
    }

    /// Whether people write about it at that time of the year.
    pub(super) fn fits(&self, day: NaiveDate) -> bool {
        self.months.is_empty() || self.months.contains(&day.month())
    }
}

impl Line {
    fn read(text: &'static str, answer: bool) -> Self {
        let mut line = Self { months: Vec::new(), words: Vec::new(), answers: Vec::new(), text };
        if let Some((months, rest)) = text.strip_prefix('@').and_then(|rest| rest.split_once(' ')) {
            (line.months, line.text) = (numbers(months), rest);
        } else if let Some((words, rest)) = text.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
            (line.words, line.text) = (words.split('/').collect(), rest);
        } else if let (true, Some((which, rest))) = (answer, text.split_once(' ')) {
            line.answers = numbers(which).iter().map(|number| *number as usize - 1).collect();
            line.text = rest;
        }
        line
    }

    /// Whether it can be written on that day.
    pub(super) fn fits(&self, day: NaiveDate) -> bool {
        self.months.is_empty() || self.months.contains(&day.month())
    }

    /// Whether it can stand under that post.
    pub(super) fn answers_to(&self, post: &str) -> bool {
        self.words.is_empty() || self.words.iter().any(|word| post.contains(word))
    }

    /// How often it may be used: a line that is always the same is one person's own story.
    pub(super) fn uses(&self) -> usize {
        match self.text.matches('{').count() {
            0 => 1,
            1 => 9,
            _ => 16,
        }
    }
}

fn numbers(list: &str) -> Vec<u32> {
    list.split(',').filter_map(|number| number.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_subject_has_bodies_comments_and_answers_that_fit() {
        let subjects = all();
        assert!(subjects.len() > 60);
        for subject in &subjects {
            assert!(subject.bodies.len() >= 3 && subject.comments.len() >= 4, "{}", subject.name);
            for answer in &subject.answers {
                assert!(!answer.answers.is_empty(), "{}: {}", subject.name, answer.text);
                assert!(answer.answers.iter().all(|n| *n < subject.comments.len()), "{}: {answer:?}", subject.name);
            }
            let posts: String = subject.bodies.iter().chain(&subject.closings).map(|line| line.text).collect();
            for comment in &subject.comments {
                assert!(comment.answers_to(&posts), "nothing calls for: {}", comment.text);
            }
        }
    }
}
