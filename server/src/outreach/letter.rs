//! A letter to print for somebody without an address: one page of A4 that needs nothing from anywhere else.

use crate::{
    error::{Error, Result},
    kinds,
    mail::letter::day,
};
use askama::Template;
use enishi_protocol::{
    Language,
    invitations::{Fact, shown_code},
    membership::{Affiliation, CommunityKind, PersonName, Role},
};
use qrcode::{Color, EcLevel, QrCode};

/// What a letter says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Whom it is to.
    pub to: PersonName,
    /// The community's name.
    pub community: String,
    /// What it is.
    pub kind: CommunityKind,
    /// Who invites.
    pub invited_by: PersonName,
    /// Their role.
    pub role: Role,
    /// How they belong.
    pub affiliation: Affiliation,
    /// The fact that the letter does not contain.
    pub fact: Fact,
    /// The invitation's code, in its one form.
    pub code: String,
    /// What phones call the server.
    pub url: String,
    /// Until when it is good, in microseconds since 1970 UTC.
    pub until_us: i64,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct Page {
    lang: &'static str,
    title: String,
    to: String,
    heading: String,
    lead: &'static str,
    invites: String,
    promises: [&'static str; 3],
    how: &'static str,
    steps: [String; 3],
    code_label: &'static str,
    code: String,
    host_label: &'static str,
    host: String,
    until_label: &'static str,
    until: String,
    qr_label: &'static str,
    qr: Qr,
    declining: String,
    join_at: String,
    decline_at: String,
}

/// The page of a letter.
///
/// # Errors
/// Where the link is too long for a QR code.
pub fn page(letter: &Letter, language: Language) -> Result<String> {
    let shown = shown_code(&letter.code);
    let link = format!("{}/i/{}", letter.url, letter.code);
    let host = letter.url.split_once("://").map_or(letter.url.as_str(), |(_, host)| host);
    let (community, until) = (letter.community.as_str(), day(letter.until_us, language));
    let inviter = kinds::inviter(letter.kind, letter.role, letter.affiliation, language);
    let (fact, desk) = (kinds::fact(letter.kind, letter.fact, language), kinds::desk(letter.kind, language));
    let by = letter.invited_by.full();
    let page = match language {
        Language::Ja => Page {
            lang: "ja",
            title: format!("「{community}」への招待"),
            to: format!("{} 様", letter.to.full()),
            heading: format!("「{community}」への招待です"),
            lead: kinds::lead(letter.kind, language),
            invites: format!("{by}さん{inviter}が、あなたを招待しています。"),
            promises: [
                "メンバーに見えるのは、ご自分で見せることにしたものだけです。",
                "読むだけの参加も歓迎します。いつでもやめられます。",
                "参加するまで、あなたのことはほかのメンバーに何も伝わりません。",
            ],
            how: "参加のしかた",
            steps: [
                "スマートフォンで右のQRコードを読み取るか、ブラウザーで次のページを開きます。".into(),
                "メールアドレスを入れると、6桁のコードが届きます。".into(),
                format!(
                    "お名前と{fact}を入れると、その場で参加できます。{fact}がわからないときは、{desk}が確認します。"
                ),
            ],
            code_label: "招待コード",
            code: shown.clone(),
            host_label: "サーバー",
            host: host.to_owned(),
            until_label: "有効期限",
            until: format!("{until}まで"),
            qr_label: "招待のページを開くQRコード",
            qr: Qr::of(&link)?,
            declining: format!(
                "参加しない場合は、何もしなくてかまいません。今後のご案内もいらない場合は、次のページのボタンを押してください。\
                 以後、「{community}」からご案内をお送りすることはありません。"
            ),
            join_at: format!("{host}/i/{shown}"),
            decline_at: format!("{host}/decline/{shown}"),
        },
        Language::En => Page {
            lang: "en",
            title: format!("Invitation to {community}"),
            to: letter.to.full(),
            heading: format!("You are invited to {community}"),
            lead: kinds::lead(letter.kind, language),
            invites: format!("{by}{inviter} invites you."),
            promises: [
                "Members see of you only what you choose to show.",
                "Reading without writing is welcome. You can leave at any time.",
                "Until you join, other members learn nothing of you.",
            ],
            how: "How to join",
            steps: [
                "Scan the QR code with your phone, or open this page in a browser.".into(),
                "Enter your e-mail address. A code of six digits comes by mail.".into(),
                format!(
                    "Enter your name and this: {}. You are in at once. If you do not know it, {desk} will look.",
                    fact.to_lowercase()
                ),
            ],
            code_label: "Invitation code",
            code: shown.clone(),
            host_label: "Server",
            host: host.to_owned(),
            until_label: "Good until",
            until,
            qr_label: "QR code that opens the invitation's page",
            qr: Qr::of(&link)?,
            declining: format!(
                "If you do not want to join, you need not do anything. If you want to hear no more of this, press the \
                 button on this page. {community} writes to you no more then."
            ),
            join_at: format!("{host}/i/{shown}"),
            decline_at: format!("{host}/decline/{shown}"),
        },
    };
    page.render().map_err(|error| Error::Internal(error.to_string()))
}

/// A QR code as lines of an SVG.
struct Qr {
    /// Modules on a side, with the quiet zone.
    side: usize,
    path: String,
}

/// The quiet zone that the standard asks for, in modules.
const QUIET: usize = 4;

impl Qr {
    fn of(text: &str) -> Result<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M)
            .map_err(|error| Error::Internal(format!("no QR code: {error}")))?;
        let width = code.width();
        let dark = code.to_colors().into_iter().enumerate().filter(|(_, color)| *color == Color::Dark);
        let module = |at: usize| format!("M{} {}h1v1h-1z", at % width + QUIET, at / width + QUIET);
        Ok(Self { side: width + 2 * QUIET, path: dark.map(|(at, _)| module(at)).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> Letter {
        let name = |family: &str, given: &str| PersonName { family: family.into(), given: given.into() };
        Letter {
            to: name("佐藤", "花子<b>"),
            community: "縁商事".into(),
            kind: CommunityKind::Company,
            invited_by: name("人事", "太郎"),
            role: Role::Owner,
            affiliation: Affiliation::Employee,
            fact: Fact::BirthDate,
            code: enishi_protocol::invitations::printed_code(123_456_789),
            url: "https://alumni.example.jp".into(),
            until_us: 1_775_001_600_000_000,
        }
    }

    #[test]
    fn a_letter_is_one_page_that_needs_nothing_from_elsewhere() {
        let letter = letter();
        let code = shown_code(&letter.code);
        assert_eq!(code.len(), 14);
        for (language, words) in [
            (Language::Ja, ["佐藤 花子&#60;b&#62; 様", "2026年4月1日まで", "生年月日"]),
            (Language::En, ["Good until", "1 April 2026", "date of birth"]),
        ] {
            let html = page(&letter, language).unwrap();
            for word in words.into_iter().chain([code.as_str(), "alumni.example.jp/decline/", "size: A4", "<svg"]) {
                assert!(html.contains(word), "{word} is not in {html}");
            }
            for outside in ["src=", "url(", "@import", "<script", "<link"] {
                assert!(!html.contains(outside), "{outside}");
            }
        }
    }

    #[test]
    fn a_qr_code_has_its_three_corners_and_its_quiet_zone() {
        let qr = Qr::of("https://alumni.example.jp/i/0000000000000").unwrap();
        for corner in [(QUIET, QUIET), (qr.side - QUIET - 7, QUIET), (QUIET, qr.side - QUIET - 7)] {
            assert!(qr.path.contains(&format!("M{} {}h", corner.0, corner.1)), "{corner:?}");
        }
        let beyond = (0..QUIET).map(|quiet| format!("M{quiet} "));
        assert!(beyond.into_iter().all(|module| !qr.path.contains(&module)));
    }
}
