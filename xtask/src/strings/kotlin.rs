//! The words as a Kotlin type: an interface with a member for each message, and an object for each language.

use super::message::{Catalogue, LANGUAGES, Message, Piece, Text, camel};
use std::fmt::Write as _;

/// The whole file.
pub(crate) fn write(catalogue: &Catalogue) -> String {
    let mut file = String::from(
        "// Made by `cargo xtask strings` from bindings/strings. Do not edit.\npackage dev.enishi.ui.words\n\n\
         import dev.enishi.protocol.Language\n\n/** What the app says. */\ninterface Words {\n    val language: Language\n",
    );
    for message in &catalogue.messages {
        let comment = message.comment.as_deref().map(|comment| comment.replace("*/", "* /"));
        if let Some(comment) = comment {
            _ = writeln!(file, "    /** {comment} */");
        }
        _ = writeln!(file, "    {}", declared(message));
    }
    file.push_str("}\n\n/** The words of a language. */\nfun wordsOf(language: Language): Words = when (language) {\n");
    for language in LANGUAGES {
        _ = writeln!(file, "    Language.{} -> {}", language.to_uppercase(), object(language));
    }
    file.push_str("}\n");
    for (at, language) in LANGUAGES.iter().enumerate() {
        _ = write!(file, "\nprivate object {} : Words {{\n", object(language));
        _ = writeln!(file, "    override val language = Language.{}", language.to_uppercase());
        for message in &catalogue.messages {
            let said = message.texts.get(at).map(text).unwrap_or_default();
            let equals = if message.values().is_empty() { " get() = " } else { " = " };
            _ = writeln!(file, "    override {}{equals}{said}", declared(message));
        }
        file.push_str("}\n");
    }
    file.push_str("\nprivate fun grouped(number: Long): String = java.text.DecimalFormat(\"#,##0\", java.text.DecimalFormatSymbols(java.util.Locale.ROOT)).format(number)\n");
    file
}

fn object(language: &str) -> String {
    format!("Words{}", language.to_uppercase())
}

fn declared(message: &Message) -> String {
    let values = message.values();
    if values.is_empty() {
        return format!("val {}: String", message.member());
    }
    let kind = |number| if number { "Long" } else { "String" };
    let values: Vec<String> =
        values.into_iter().map(|(name, number)| format!("{}: {}", value(name), kind(number))).collect();
    format!("fun {}({}): String", message.member(), values.join(", "))
}

/// A value's name, also where Kotlin means something else by it.
fn value(name: &str) -> String {
    match name {
        "as" | "do" | "for" | "fun" | "if" | "in" | "is" | "this" | "val" | "when" | "while" => format!("`{name}`"),
        _ => camel(name),
    }
}

fn text(text: &Text) -> String {
    match text {
        Text::Plain(pieces) => literal(pieces),
        Text::Plural { of, one, other } => format!("if ({} == 1L) {} else {}", value(of), literal(one), literal(other)),
    }
}

fn literal(pieces: &[Piece]) -> String {
    let mut literal = String::from("\"");
    for piece in pieces {
        match piece {
            Piece::Said(said) => {
                for letter in said.chars() {
                    match letter {
                        '\n' => literal.push_str("\\n"),
                        '"' | '\\' | '$' => literal.extend(['\\', letter]),
                        _ => literal.push(letter),
                    }
                }
            }
            Piece::Value(name) => _ = write!(literal, "${{{}}}", value(name)),
            Piece::Number(name) => _ = write!(literal, "${{grouped({})}}", value(name)),
        }
    }
    literal.push('"');
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_kotlin_would_read_otherwise_is_escaped() {
        let pieces = [Piece::Said("\"5$\"\n".into()), Piece::Value("whose-name".into()), Piece::Number("count".into())];
        assert_eq!(literal(&pieces), r#""\"5\$\"\n${whoseName}${grouped(count)}""#);
    }
}
