//! The words as Apple's string catalogue.

use super::message::{Catalogue, LANGUAGES, Message, Piece, Text};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// The whole file.
pub(crate) fn write(catalogue: &Catalogue) -> Result<String, serde_json::Error> {
    let strings: Map<String, Value> = catalogue
        .messages
        .iter()
        .map(|message| {
            let said = message.texts.iter().zip(LANGUAGES);
            let said: Map<String, Value> =
                said.map(|(text, language)| (language.to_owned(), localized(message, text))).collect();
            (message.id.clone(), json!({ "comment": message.comment, "localizations": said }))
        })
        .collect();
    let file = json!({ "sourceLanguage": LANGUAGES[0], "strings": strings, "version": "1.0" });
    Ok(serde_json::to_string_pretty(&file)? + "\n")
}

fn localized(message: &Message, text: &Text) -> Value {
    let unit = |pieces: &[Piece]| json!({ "stringUnit": { "state": "translated", "value": said(message, pieces) } });
    match text {
        Text::Plain(pieces) => unit(pieces),
        Text::Plural { one, other, .. } => {
            json!({ "variations": { "plural": { "one": unit(one), "other": unit(other) } } })
        }
    }
}

fn said(message: &Message, pieces: &[Piece]) -> String {
    let plain = message.values().is_empty();
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Said(said) if plain => text.push_str(said),
            Piece::Said(said) => text.push_str(&said.replace('%', "%%")),
            Piece::Value(name) | Piece::Number(name) => {
                let (place, number) = message.place(name);
                let kind = if number { "lld" } else { "@" };
                _ = write!(text, "%{place}${kind}");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_has_its_plural_forms() {
        let ja = super::super::read::messages("a = { $count }件\n").expect("parses");
        let en = super::super::read::messages("a = { $count -> \n    [one] one\n   *[other] { $count } posts\n }\n")
            .expect("parses");
        let file = write(&Catalogue::of(vec![ja, en]).expect("agrees")).expect("is written");
        let file: Value = serde_json::from_str(&file).expect("is JSON");
        let said = &file["strings"]["a"]["localizations"];
        assert_eq!(said["ja"]["stringUnit"]["value"], "%1$lld件");
        assert_eq!(said["en"]["variations"]["plural"]["other"]["stringUnit"]["value"], "%1$lld posts");
    }
}
