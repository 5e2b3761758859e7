//! A message in both languages, and what must hold between them.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// The languages, the first of them the one that stands where another is asked for.
pub(crate) const LANGUAGES: [&str; 2] = ["ja", "en"];

/// What a message says in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Text {
    /// The same for every value.
    Plain(Vec<Piece>),
    /// Other words for one thing than for several.
    Plural {
        /// The value that counts.
        of: String,
        one: Vec<Piece>,
        other: Vec<Piece>,
    },
}

/// A part of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Said(String),
    /// A value put in as it is.
    Value(String),
    /// A whole number, its thousands grouped.
    Number(String),
}

/// A message.
#[derive(Debug)]
pub(crate) struct Message {
    /// What it is called, as `feed-new-posts`.
    pub(crate) id: String,
    /// What the translator and the caller have to know.
    pub(crate) comment: Option<String>,
    /// What it says, in the order of [`LANGUAGES`].
    pub(crate) texts: Vec<Text>,
}

/// All messages, by name.
#[derive(Debug)]
pub(crate) struct Catalogue {
    pub(crate) messages: Vec<Message>,
}

impl Text {
    /// The values it puts in, each where it stands, and whether it is a number.
    fn values(&self) -> Vec<(&str, bool)> {
        let (pieces, counted) = match self {
            Self::Plain(pieces) => (pieces.iter().collect::<Vec<_>>(), None),
            Self::Plural { of, one, other } => (one.iter().chain(other).collect(), Some((of.as_str(), true))),
        };
        let put_in = pieces.into_iter().filter_map(|piece| match piece {
            Piece::Said(_) => None,
            Piece::Value(name) => Some((name.as_str(), false)),
            Piece::Number(name) => Some((name.as_str(), true)),
        });
        put_in.chain(counted).collect()
    }
}

impl Message {
    /// The values it needs, in the order in which the first language names them, and whether each is a number.
    pub(crate) fn values(&self) -> Vec<(&str, bool)> {
        let mut values: Vec<(&str, bool)> = Vec::new();
        for (name, number) in self.texts.iter().flat_map(Text::values) {
            match values.iter_mut().find(|(there, _)| *there == name) {
                Some((_, known)) => *known |= number,
                None => values.push((name, number)),
            }
        }
        values
    }

    /// A value's place among them, from 1, and whether it is a number.
    pub(crate) fn place(&self, wanted: &str) -> (usize, bool) {
        let values = self.values();
        let found = values.iter().zip(1..).find(|((name, _), _)| *name == wanted);
        found.map_or((0, false), |((_, number), place)| (place, *number))
    }

    /// Its name as an identifier: `feedNewPosts`.
    pub(crate) fn member(&self) -> String {
        camel(&self.id)
    }

    /// Its name as a resource: `feed_new_posts`.
    pub(crate) fn resource(&self) -> String {
        self.id.replace('-', "_")
    }
}

/// A name of words with hyphens between them, as an identifier.
pub(crate) fn camel(name: &str) -> String {
    let mut words = name.split('-');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    camel
}

impl Catalogue {
    /// Reads the folders of all languages.
    ///
    /// # Errors
    /// Where a file does not parse, a message is there twice or in one language only, or the languages put in other values:
    /// all of it, a line each.
    pub(crate) fn read(folder: &Path) -> Result<Self, String> {
        let mut read = Vec::new();
        for language in LANGUAGES {
            read.push(super::read::folder(&folder.join(language))?);
        }
        Self::of(read)
    }

    /// Brings the languages together.
    pub(crate) fn of(mut languages: Vec<BTreeMap<String, (Text, Option<String>)>>) -> Result<Self, String> {
        let ids: BTreeSet<String> = languages.iter().flat_map(|language| language.keys().cloned()).collect();
        let (mut messages, mut wrong) = (Vec::new(), Vec::new());
        for id in ids {
            let (mut texts, mut comment) = (Vec::new(), None);
            for (at, language) in languages.iter_mut().enumerate() {
                match language.remove(&id) {
                    Some((text, said)) => {
                        texts.push(text);
                        comment = comment.or(said);
                    }
                    None => wrong.push(format!("{id} is missing in {}", LANGUAGES[at])),
                }
            }
            let named: BTreeSet<BTreeSet<&str>> =
                texts.iter().map(|text| text.values().into_iter().map(|(name, _)| name).collect()).collect();
            if named.len() > 1 {
                wrong.push(format!("{id} puts in other values in one language than in the other: {named:?}"));
            }
            messages.push(Message { id, comment, texts });
        }
        if wrong.is_empty() { Ok(Self { messages }) } else { Err(wrong.join("\n")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(text: &str) -> BTreeMap<String, (Text, Option<String>)> {
        super::super::read::messages(text).expect("parses")
    }

    #[test]
    fn a_message_that_one_language_lacks_is_named() {
        let wrong =
            Catalogue::of(vec![language("a = あ\nb = い\n"), language("a = A\n")]).expect_err("b lacks English");
        assert_eq!(wrong, "b is missing in en");
    }

    #[test]
    fn both_languages_must_put_in_the_same_values() {
        let both = vec![language("a = { $name }さん\n"), language("a = You\n")];
        assert!(Catalogue::of(both).expect_err("other values").starts_with("a puts in other values"));
    }

    #[test]
    fn a_value_that_one_language_counts_is_a_number_in_both() {
        let both = vec![
            language("a = { $count }件\n"),
            language("a = { $count ->\n    [one] one post\n   *[other] { $count } posts\n }\n"),
        ];
        let catalogue = Catalogue::of(both).expect("agrees");
        assert_eq!(catalogue.messages[0].values(), [("count", true)]);
        assert_eq!(catalogue.messages[0].member(), "a");
        assert_eq!(camel("feed-new-posts"), "feedNewPosts");
    }
}
