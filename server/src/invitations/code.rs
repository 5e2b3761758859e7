//! An invitation's code as links and people carry it: 26 characters of Crockford's base 32.

use crate::{
    secrets::{self, Hash},
    surroundings::Surroundings,
};

/// Digits and letters without I, L, O and U, which are mistaken for others.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code: 128 bits, five each.
const CHARS: usize = 26;

/// A new code.
pub fn new(surroundings: &dyn Surroundings) -> String {
    let bits = u128::from_be_bytes(secrets::random(surroundings));
    let digit = |place: usize| ALPHABET[usize::try_from((bits >> (5 * place)) & 31).unwrap_or_default()];
    (0..CHARS).rev().map(|place| char::from(digit(place))).collect()
}

/// The code that somebody typed or a link carries: any case, O for 0, I and L for 1, with spaces
/// and hyphens. None where it can be none.
pub fn read(text: &str) -> Option<String> {
    let code: String = text
        .chars()
        .filter(|c| !matches!(c, '-' | ' '))
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .take(CHARS + 1)
        .collect();
    (code.len() == CHARS && code.bytes().all(|byte| ALPHABET.contains(&byte))).then_some(code)
}

/// The hash under which a code is known.
pub fn hash(code: &str) -> Hash {
    secrets::sha256(code.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surroundings::RealSurroundings;

    #[test]
    fn a_code_is_read_however_it_was_typed() {
        let code = new(&RealSurroundings);
        assert_eq!(code.len(), 26);
        assert_eq!(read(&code).as_ref(), Some(&code));
        let typed = code.to_lowercase().replace('0', "o").replace('1', "l");
        let typed = format!("{}-{} {}", &typed[..5], &typed[5..20], &typed[20..]);
        assert_eq!(read(&typed).as_ref(), Some(&code));
        for bad in [
            "",
            "ABC",
            &code[1..],
            &format!("{code}0"),
            &code.replace(&code[..1], "U"),
            "ああああああああああああああああああああああああああ",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
