//! Fluent files into messages. Of Fluent's syntax, what three platforms can say alike is taken; the rest is refused with
//! the message's name.

use super::message::{Piece, Text};
use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, Variant, VariantKey},
    parser,
};
use std::{collections::BTreeMap, fs, path::Path};

type Messages = BTreeMap<String, (Text, Option<String>)>;

/// Reads all files of a language.
pub(crate) fn folder(folder: &Path) -> Result<Messages, String> {
    let failed = |error| format!("{}: {error}", folder.display());
    let mut files: Vec<_> = fs::read_dir(folder).map_err(failed)?.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == "ftl"));
    files.sort();
    let mut all = Messages::new();
    for file in files {
        let text = fs::read_to_string(&file).map_err(failed)?;
        for (id, message) in messages(&text).map_err(|error| format!("{}: {error}", file.display()))? {
            if all.insert(id.clone(), message).is_some() {
                return Err(format!("{}: {id} is there already", file.display()));
            }
        }
    }
    Ok(all)
}

/// Reads one file's text.
pub(crate) fn messages(text: &str) -> Result<Messages, String> {
    let resource = parser::parse(text).map_err(|(_, errors)| {
        let place = errors.first().map_or(0, |error| error.pos.start);
        let line = text.get(..place).unwrap_or_default().lines().count().max(1);
        format!("line {line}: {}", errors.first().map(ToString::to_string).unwrap_or_default())
    })?;
    let mut messages = Messages::new();
    for entry in resource.body {
        let Entry::Message(message) = entry else { continue };
        let id = message.id.name.to_owned();
        let pattern = message.value.ok_or_else(|| format!("{id} says nothing"))?;
        let text = said(&pattern).map_err(|error| format!("{id}: {error}"))?;
        let comment = message.comment.map(|comment| comment.content.join(" "));
        if messages.insert(id.clone(), (text, comment)).is_some() {
            return Err(format!("{id} is there twice"));
        }
    }
    Ok(messages)
}

fn said(pattern: &Pattern<&str>) -> Result<Text, String> {
    if let [PatternElement::Placeable { expression: Expression::Select { selector, variants } }] = &*pattern.elements {
        let InlineExpression::VariableReference { id } = selector else {
            return Err("only a value can be counted".into());
        };
        let one = variant(variants, "one")?.or(variant(variants, "other")?);
        let other = variant(variants, "other")?;
        let (Some(one), Some(other)) = (one, other) else { return Err("there must be [other]".into()) };
        let of = id.name.to_owned();
        return Ok(Text::Plural { one: numbers(one, &of), other: numbers(other, &of), of });
    }
    pieces(pattern).map(Text::Plain)
}

fn variant(variants: &[Variant<&str>], wanted: &str) -> Result<Option<Vec<Piece>>, String> {
    let mut found = None;
    for variant in variants {
        match variant.key {
            VariantKey::Identifier { name } if name == wanted => found = Some(pieces(&variant.value)?),
            VariantKey::Identifier { name: "one" | "other" } => {}
            _ => return Err("only [one] and [other] are said alike on all platforms".into()),
        }
    }
    Ok(found)
}

/// What is counted is shown as a number.
fn numbers(pieces: Vec<Piece>, of: &str) -> Vec<Piece> {
    let number = |piece| if piece == Piece::Value(of.to_owned()) { Piece::Number(of.to_owned()) } else { piece };
    pieces.into_iter().map(number).collect()
}

fn pieces(pattern: &Pattern<&str>) -> Result<Vec<Piece>, String> {
    let mut pieces: Vec<Piece> = Vec::new();
    for element in &pattern.elements {
        let piece = match element {
            PatternElement::TextElement { value } => Piece::Said((*value).to_owned()),
            PatternElement::Placeable { expression: Expression::Inline(inline) } => value(inline)?,
            PatternElement::Placeable { .. } => return Err("a count must be the whole message".into()),
        };
        match (pieces.last_mut(), piece) {
            (Some(Piece::Said(before)), Piece::Said(more)) => before.push_str(&more),
            (_, piece) => pieces.push(piece),
        }
    }
    Ok(pieces)
}

fn value(inline: &InlineExpression<&str>) -> Result<Piece, String> {
    match inline {
        InlineExpression::VariableReference { id } => Ok(Piece::Value(id.name.to_owned())),
        InlineExpression::StringLiteral { value } => Ok(Piece::Said((*value).to_owned())),
        InlineExpression::FunctionReference { id, arguments } if id.name == "NUMBER" => match &*arguments.positional {
            [InlineExpression::VariableReference { id }] => Ok(Piece::Number(id.name.to_owned())),
            _ => Err("NUMBER takes one value".into()),
        },
        _ => Err("only values, NUMBER and texts in quotes can be put in".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_not_every_platform_can_say_is_refused() {
        for text in ["a = { -brand }\n", "a = x { $n ->\n    [one] y\n   *[other] z\n }\n", "a = { UPPER($n) }\n"] {
            assert!(messages(text).is_err_and(|error| error.starts_with("a: ")), "{text}");
        }
        assert!(messages("a = A\na = B\n").is_err_and(|error| error.contains("twice")));
        assert!(messages("a = A\nb { = B\n").is_err_and(|error| error.starts_with("line 2")));
    }

    #[test]
    fn a_message_of_several_lines_keeps_them() {
        let read = messages("# Why\na =\n    one\n    two { $who }\n").expect("parses");
        let (text, comment) = &read["a"];
        let pieces = vec![Piece::Said("one\ntwo ".into()), Piece::Value("who".into())];
        assert_eq!((text, comment.as_deref()), (&Text::Plain(pieces), Some("Why")));
    }
}
