//! E-mail addresses as accounts are found by them.

use enishi_protocol::limits;
use unicode_normalization::UnicodeNormalization;

/// The form under which an address is stored and compared: trimmed, full-width letters made plain
/// (Japanese keyboards type them), lower case. None where it can be no address.
pub fn fold(address: &str) -> Option<String> {
    let folded = address.trim().nfkc().collect::<String>().to_lowercase();
    let (name, host) = folded.rsplit_once('@')?;
    let plain = |c: char| {
        c.is_ascii_graphic() && !matches!(c, '"' | '(' | ')' | ',' | ':' | ';' | '<' | '>' | '[' | ']' | '\\')
    };
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let fits = folded.len() <= limits::ADDRESS_CHARS
        && (1..=64).contains(&name.len())
        && name.chars().all(|c| plain(c) && c != '@')
        && host.contains('.')
        && host.split('.').all(label);
    // What lettre cannot write as a recipient would stay in the queue for nothing.
    (fits && folded.parse::<lettre::Address>().is_ok()).then_some(folded)
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn an_address_is_compared_as_people_mean_it() {
        assert_eq!(fold("  Hanako.Sato@Example.JP ").as_deref(), Some("hanako.sato@example.jp"));
        assert_eq!(fold("ｈａｎａ＠ｅｘａｍｐｌｅ．ｊｐ").as_deref(), Some("hana@example.jp"));
        for bad in [
            "",
            "a",
            "a@",
            "@b.jp",
            "a@b",
            "a b@c.jp",
            "a@b..jp",
            "a@-b.jp",
            "a\r\nBcc: x@y.jp",
            "a@b@c,jp",
            "<a@b.jp>",
        ] {
            assert_eq!(fold(bad), None, "{bad:?}");
        }
        assert_eq!(fold(&format!("{}@example.jp", "a".repeat(65))), None);
    }
}
