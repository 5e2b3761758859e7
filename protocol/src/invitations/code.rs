//! Codes of invitations, as links carry them and as people type them from paper.

/// Random bits in a link's code.
pub const CODE_BITS: usize = 128;
/// Random bits in a code that is printed and typed.
pub const PRINTED_CODE_BITS: usize = 55;

/// Characters of a link's code.
const LINK_CODE_CHARS: usize = 26;
/// Characters of a code that is printed and typed, the last of them a check.
const PRINTED_CODE_CHARS: usize = 12;
/// Characters of a printed code between two hyphens.
const GROUP_CHARS: usize = 4;

/// Crockford's base32: no I, L, O, U.
const CODE_ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The code of a link, in its one form, made of random bits.
pub fn link_code(bits: u128) -> String {
    digits(bits, LINK_CODE_CHARS)
}

/// The code of a letter, in its one form, made of the lower [`PRINTED_CODE_BITS`] of random bits.
pub fn printed_code(bits: u64) -> String {
    let mut code = digits(bits.into(), PRINTED_CODE_CHARS - 1);
    code.push(char::from(CODE_ALPHABET[usize::from(times_two(check_sum(&code)))]));
    code
}

/// Whether a code, in its one form, is one that is printed: short, so that it is also guessed for.
pub fn is_printed(code: &str) -> bool {
    code.len() == PRINTED_CODE_CHARS
}

/// A printed code as people read it aloud: `XXXX-XXXX-XXXX`. Any other as it is.
pub fn shown_code(code: &str) -> String {
    if !is_printed(code) {
        return code.to_owned();
    }
    let groups: Vec<&str> = (0..code.len()).step_by(GROUP_CHARS).map(|at| &code[at..at + GROUP_CHARS]).collect();
    groups.join("-")
}

/// A code as somebody typed or pasted it, in its one form, which is the one that is hashed: upper
/// case, without hyphens and spaces, full-width letters made plain, with O read as 0 and I and L as 1.
/// None where it can be no code; of a printed one that is one wrong character, or two that changed places.
pub fn normal_code(text: &str) -> Option<String> {
    let mut code = String::with_capacity(LINK_CODE_CHARS);
    for character in text.trim().chars().map(half_width).filter(|character| !is_hyphen(*character)) {
        let plain = match character.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        if value(plain).is_none() || code.len() == LINK_CODE_CHARS {
            return None;
        }
        code.push(plain);
    }
    let whole = match code.len() {
        LINK_CODE_CHARS => true,
        PRINTED_CODE_CHARS => check_sum(&code) == 0,
        _ => false,
    };
    whole.then_some(code)
}

/// Letters, digits and hyphens as a Japanese keyboard types them.
fn half_width(character: char) -> char {
    match character {
        '！'..='～' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
        other => other,
    }
}

fn is_hyphen(character: char) -> bool {
    matches!(character, '-' | ' ' | '\u{3000}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | 'ー')
}

fn digits(bits: u128, count: usize) -> String {
    let digit = |place: usize| CODE_ALPHABET[usize::try_from((bits >> (5 * place)) & 31).unwrap_or_default()];
    (0..count).rev().map(|place| char::from(digit(place))).collect()
}

fn value(character: char) -> Option<u8> {
    let place = CODE_ALPHABET.iter().position(|known| char::from(*known) == character)?;
    u8::try_from(place).ok()
}

/// A polynomial over GF(32) at its generator; 0 for a whole code. Any one character that is wrong and
/// any two that changed places make it another, as powers of the generator differ up to the 31st.
fn check_sum(code: &str) -> u8 {
    code.chars().filter_map(value).fold(0, |sum, digit| times_two(sum) ^ digit)
}

/// Multiplication by the generator of GF(32) modulo x⁵ + x² + 1.
fn times_two(value: u8) -> u8 {
    let doubled = value << 1;
    if doubled & 32 == 0 { doubled } else { doubled ^ 0b10_0101 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_one_form_however_it_is_typed() {
        let code = link_code(u128::MAX / 3);
        assert_eq!(code, "2NANANANANANANANANANANANAN");
        assert_eq!(normal_code(&code), Some(code.clone()));
        assert_eq!(normal_code(&format!(" {} ", code.to_lowercase())), Some(code));
        assert_eq!(link_code(u128::MAX).len(), 26);
        for bad in ["", "1234", "2NANANANANANANANANANANANAU", "縁縁縁縁縁縁縁縁縁縁縁縁", &"0".repeat(27)] {
            assert_eq!(normal_code(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_printed_code_is_read_as_people_write_it() {
        let code = printed_code(0x0012_3456_789a_bcde);
        assert_eq!((code.len(), is_printed(&code)), (12, true));
        let shown = shown_code(&code);
        assert_eq!(shown.split('-').map(str::len).collect::<Vec<_>>(), [4, 4, 4]);
        let by_hand = shown.to_lowercase().replace('0', "o").replace('1', "l");
        let full_width: String = shown.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c)).collect();
        for typed in [shown.clone(), by_hand, full_width, shown.replace('-', " "), shown.replace('-', "ー")] {
            assert_eq!(normal_code(&typed).as_ref(), Some(&code), "{typed}");
        }
        assert_ne!(printed_code(1), printed_code(1 << 54));
    }

    #[test]
    fn one_wrong_character_and_two_that_changed_places_are_noticed() {
        for bits in [0, 1, 0x007f_ffff_ffff_ffff, 0x0012_3456_789a_bcde] {
            let code = printed_code(bits).into_bytes();
            for at in 0..code.len() {
                for other in CODE_ALPHABET.iter().filter(|other| **other != code[at]) {
                    let mut wrong = code.clone();
                    wrong[at] = *other;
                    assert_eq!(normal_code(&String::from_utf8(wrong).expect("ASCII")), None);
                }
                for with in (0..at).filter(|with| code[*with] != code[at]) {
                    let mut swapped = code.clone();
                    swapped.swap(at, with);
                    assert_eq!(normal_code(&String::from_utf8(swapped).expect("ASCII")), None);
                }
            }
        }
    }
}
