//! The words as Android's string resources.

use super::message::{Catalogue, Message, Piece, Text};
use std::fmt::Write as _;

/// The file of the language at this place.
pub(crate) fn write(catalogue: &Catalogue, at: usize) -> String {
    let mut file = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<resources>\n");
    for message in &catalogue.messages {
        let name = message.resource();
        match message.texts.get(at) {
            // What one language counts is counted in each: the system looks for the same kind everywhere.
            Some(Text::Plain(pieces)) if message.texts.iter().any(|text| matches!(text, Text::Plural { .. })) => {
                _ = writeln!(file, "    <plurals name=\"{name}\">");
                _ = writeln!(file, "        <item quantity=\"other\">{}</item>", said(message, pieces));
                file.push_str("    </plurals>\n");
            }
            Some(Text::Plain(pieces)) => {
                _ = writeln!(file, "    <string name=\"{name}\">{}</string>", said(message, pieces));
            }
            Some(Text::Plural { one, other, .. }) => {
                _ = writeln!(file, "    <plurals name=\"{name}\">");
                for (quantity, pieces) in [("one", one), ("other", other)] {
                    _ = writeln!(file, "        <item quantity=\"{quantity}\">{}</item>", said(message, pieces));
                }
                file.push_str("    </plurals>\n");
            }
            None => {}
        }
    }
    file.push_str("</resources>\n");
    file
}

fn said(message: &Message, pieces: &[Piece]) -> String {
    let values = message.values();
    let mut text = String::from("\"");
    for piece in pieces {
        match piece {
            Piece::Said(said) => {
                for letter in said.chars() {
                    match letter {
                        '&' => text.push_str("&amp;"),
                        '<' => text.push_str("&lt;"),
                        '\n' => text.push_str("\\n"),
                        '"' | '\'' | '\\' => text.extend(['\\', letter]),
                        '%' if !values.is_empty() => text.push_str("%%"),
                        _ => text.push(letter),
                    }
                }
            }
            // A value that one language counts is a number in each.
            Piece::Value(name) | Piece::Number(name) => {
                _ = match message.place(name) {
                    (place, true) => write!(text, "%{place}$,d"),
                    (place, false) => write!(text, "%{place}$s"),
                }
            }
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_at_the_same_place_in_every_language() {
        let ja = super::super::read::messages("a = { $who }が100%の{ NUMBER($count) }件を\n").expect("parses");
        let en = super::super::read::messages(
            "a = { $count -> \n    [one] it's one by { $who }\n   *[other] { $count } & by { $who }\n }\n",
        )
        .expect("parses");
        let catalogue = Catalogue::of(vec![ja, en]).expect("agrees");
        assert!(write(&catalogue, 0).contains("\"%1$sが100%%の%2$,d件を\""), "{}", write(&catalogue, 0));
        let en = write(&catalogue, 1);
        assert!(en.contains(r#"<item quantity="one">"it\'s one by %1$s"</item>"#), "{en}");
        assert!(en.contains(r#"<item quantity="other">"%2$,d &amp; by %1$s"</item>"#), "{en}");
    }
}
