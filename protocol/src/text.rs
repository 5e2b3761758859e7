//! Text as search sees it, the same on phone and server.
//!
//! Full-text indexes cut words at spaces, which Japanese does not write. So every CJK character
//! becomes a token of its own on the way in, and a query becomes a phrase of such tokens: words of
//! one, two and three characters are all found.

use unicode_normalization::UnicodeNormalization;

/// Folds text so that what a person takes for the same is the same: compatibility forms (NFKC:
/// full-width letters, half-width kana), case, and variant characters of names (髙, 﨑).
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(odd) = rest.find(|character| !is_common(character)) {
        // What follows may join the common character before it: a mark, for instance.
        let begins = rest[..odd].char_indices().next_back().map_or(0, |(place, _)| place);
        let ends = rest[odd..].find(is_common).map_or(rest.len(), |length| odd + length);
        folded.extend(rest[..begins].chars().map(fold_common));
        folded.extend(rest[begins..ends].nfkc().flat_map(char::to_lowercase).map(plain_form));
        rest = &rest[ends..];
    }
    folded.extend(rest.chars().map(fold_common));
    folded
}

/// Whether NFKC leaves a character as it is and joins it to none before it: nearly all of a Japanese text, for which
/// the tables of Unicode need not be asked.
fn is_common(character: char) -> bool {
    character.is_ascii()
        || matches!(character,
            '、' | '。' | '「'..='』' // punctuation
            | 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' // kana
            | '\u{4e00}'..='\u{9fff}') // ideographs
}

fn fold_common(character: char) -> char {
    if character.is_ascii() { character.to_ascii_lowercase() } else { plain_form(character) }
}

/// The form under which a variant character of a Japanese name is commonly looked for.
///
/// The pairs are those that JIS X 0213 and the family register keep apart and people do not.
fn plain_form(character: char) -> char {
    match character {
        '髙' => '高',
        '﨑' | '嵜' => '崎',
        '濵' | '濱' => '浜',
        '邊' | '邉' => '辺',
        '齋' | '齊' | '斎' => '斉',
        '澤' => '沢',
        '廣' => '広',
        '國' => '国',
        '櫻' => '桜',
        '德' => '徳',
        '惠' => '恵',
        '眞' => '真',
        '嶋' | '嶌' => '島',
        '淵' | '渕' => '渊',
        '槇' => '槙',
        '龍' => '竜',
        '瀨' => '瀬',
        '黑' => '黒',
        '豐' => '豊',
        '萬' => '万',
        '圓' => '円',
        '榮' => '栄',
        '鐵' => '鉄',
        '壽' => '寿',
        '條' => '条',
        '關' => '関',
        '𠮷' => '吉',
        other => other,
    }
}

/// Whether a character stands as a token of its own.
fn stands_alone(character: char) -> bool {
    matches!(u32::from(character),
        0x3005..=0x3007          // 々〆〇
        | 0x3040..=0x30ff        // hiragana, katakana
        | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff // ideographs
        | 0xac00..=0xd7af) // hangul
}

/// Text for a full-text index: folded, CJK characters spaced, all else but letters and digits dropped.
pub fn index_text(text: &str) -> String {
    let mut words = String::with_capacity(text.len() * 4 / 3);
    let mut in_word = false;
    for character in fold(text).chars() {
        let alone = stands_alone(character);
        let of_word = !alone && character.is_alphanumeric();
        if (alone || of_word && !in_word) && !words.is_empty() {
            words.push(' ');
        }
        if alone || of_word {
            words.push(character);
        }
        in_word = of_word;
    }
    words
}

/// The phrases of a query: each word that the person separated by a space is one phrase, whose
/// tokens must follow each other. Empty where nothing can be searched for.
pub fn query_phrases(query: &str) -> Vec<String> {
    query.split_whitespace().map(index_text).filter(|phrase| !phrase.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japanese_is_cut_into_characters_and_the_rest_into_words() {
        assert_eq!(index_text("退職後のＡＢＣ社、hello World!"), "退 職 後 の abc 社 hello world");
        assert_eq!(query_phrases("退職　hello"), ["退 職", "hello"]);
        assert!(query_phrases(" 、!").is_empty());
    }

    #[test]
    fn common_characters_fold_as_all_others_do() {
        let slowly = |text: &str| text.nfkc().flat_map(char::to_lowercase).map(plain_form).collect::<String>();
        // The planes that hold letters and marks.
        for character in (0..0x3_0000).filter_map(char::from_u32) {
            let text = format!("か{character}e{character}国ﾊ{character}");
            assert_eq!(fold(&text), slowly(&text), "{text:?}");
        }
    }

    #[test]
    fn words_stand_apart_by_one_space() {
        assert_eq!(index_text("  a1-b\u{3000}漢字c 。d"), "a1 b 漢 字 c d");
        assert_eq!(index_text("、、"), "");
    }

    #[test]
    fn variant_characters_of_a_name_are_found_by_the_common_one() {
        assert_eq!(fold("髙﨑"), fold("高崎"));
        assert_eq!(fold("渡邊"), fold("渡辺"));
        assert_eq!(fold("ｻｲﾄｳ"), "サイトウ");
        assert_eq!(fold("𠮷田"), fold("吉田"));
    }
}
