//! What a press does on the way to joining. No rule is here: codes and acceptances are decided where the
//! app's are.

use super::{Secret, Visit, pages};
use crate::{
    accounts::{
        attempts::{self, Spent, Wish},
        devices::Naming,
        sessions::{self, SignedInAs},
    },
    db::{Connection, Scope},
    error::{Error, Result},
    http::{invitations, sign_in, web},
    invitations::Answer,
    secrets,
};
use axum::{
    body::Body,
    http::{Response, StatusCode},
};
use enishi_protocol::{
    AttemptId, ErrorCode, Language,
    invitations::Acceptance,
    limits::JOINING_SECONDS,
    membership::{PersonName, ProfileField},
    session::SignInStart,
};
use serde::Deserialize;
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

/// A form of the second or the third step, as the browser sends it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct Filled {
    pub(super) seal: String,
    step: String,
    pub(super) digits: String,
    family: String,
    given: String,
    department: String,
    joined_year: String,
    left_year: String,
    fact: String,
    note: String,
    consent: String,
    to_inviter: String,
    to_company: String,
}

impl Filled {
    pub(super) fn is_code(&self) -> bool {
        self.step == "code"
    }

    fn typed(&self, field: &str) -> &str {
        match field {
            "family" => &self.family,
            "given" => &self.given,
            "department" => &self.department,
            "joined_year" => &self.joined_year,
            "left_year" => &self.left_year,
            "fact" => &self.fact,
            "note" => &self.note,
            "consent" => &self.consent,
            "to_inviter" => &self.to_inviter,
            "to_company" => &self.to_company,
            _ => "",
        }
    }
}

/// Asks for a code. A form whose attempt is over, as after going back, begins another one.
pub(super) async fn send_code(
    visit: &Visit,
    secret: &Secret,
    asker: attempts::Asker,
    nonce: Uuid,
    typed: &str,
) -> Result<AttemptId> {
    let fresh = Uuid::from_bytes(secrets::random(&*visit.app.surroundings));
    match send(visit, secret, asker.clone(), nonce, typed).await {
        Err(Error::Refused(ErrorCode::CodeExpired)) => send(visit, secret, asker, fresh, typed).await,
        sent => sent,
    }
}

async fn send(visit: &Visit, secret: &Secret, asker: attempts::Asker, nonce: Uuid, typed: &str) -> Result<AttemptId> {
    let attempt = secret.attempt(&visit.code, nonce, typed);
    let secret_hash = secrets::to_hex(&secrets::sha256(&secret.of_attempt(attempt)));
    let start = SignInStart { attempt, secret_hash, address: typed.to_owned(), language: visit.language };
    sign_in::ask_for_code(&visit.app, Wish::read(&start)?, asker).await?;
    Ok(attempt)
}

/// Spends the code. The session that it begins lasts as long as joining may take.
pub(super) async fn spend(
    visit: &Visit,
    secret: &Secret,
    attempt: AttemptId,
    address: &str,
    digits: &str,
) -> Result<Response<Body>> {
    let name = match visit.language {
        Language::Ja => "ブラウザー",
        Language::En => "Browser",
    };
    let device = Naming::read(secret.device(), name)?;
    match sign_in::spend_code(&visit.app, attempt, secret.of_attempt(attempt), digits, device).await? {
        Spent::SignedIn { token, .. } => {
            let token_hash = sessions::hash_of(&token);
            let until_us = visit.app.surroundings.now_us() + JOINING_SECONDS * 1_000_000;
            let shorten = move |conn: &mut dyn Connection| sessions::shorten(conn, &token_hash, until_us);
            visit.app.db.write(Scope::Accounts, shorten).await?;
            web::go_to(&visit.path(Some(attempt)))
        }
        Spent::Wrong => {
            let error = ErrorCode::CodeWrong.message(visit.language).to_owned();
            pages::code(visit, secret, attempt, address, (digits, Some(error)))
        }
        Spent::Over => pages::over(visit),
    }
}

/// Accepts the invitation. With that the browser's session ends: nobody who uses it later is signed in.
pub(super) async fn join(
    visit: &Visit,
    secret: &Secret,
    attempt: AttemptId,
    session: SignedInAs,
    filled: &Filled,
) -> Result<Response<Body>> {
    let mut fields = pages::profile_fields(visit);
    for field in &mut fields {
        field.value = filled.typed(field.name).to_owned();
    }
    check(visit, &mut fields, filled);
    if fields.iter().any(|field| field.error.is_some()) {
        return pages::profile(visit, secret, attempt, fields, None);
    }
    let acceptance = acceptance(secret, &visit.code, attempt, filled);
    let now_us = visit.app.surroundings.now_us();
    let end = move |conn: &mut dyn Connection| {
        sessions::end_of_device(conn, now_us, session.account, session.device).map(drop)
    };
    let refused = match invitations::accept_as(&visit.app, visit.place, session.account, acceptance, end).await {
        Ok(Answer::Accepted(_)) => return web::go_to(&visit.path(Some(attempt))),
        Ok(Answer::Refused(code)) | Err(Error::Refused(code)) => code,
        Err(error) => return Err(error),
    };
    let message = refused.message(visit.language).to_owned();
    let about = match refused {
        ErrorCode::FactWrong => "fact",
        ErrorCode::NameInvalid => "family",
        _ => "",
    };
    if let Some(field) = fields.iter_mut().find(|field| field.name == about) {
        field.error = Some(message);
        return pages::profile(visit, secret, attempt, fields, None);
    }
    let status = StatusCode::from_u16(refused.status()).unwrap_or(StatusCode::BAD_REQUEST);
    pages::profile(visit, secret, attempt, fields, Some((status, message)))
}

/// What is wrong with what was typed, beside each field.
fn check(visit: &Visit, fields: &mut [pages::Field], filled: &Filled) {
    let words = visit.words();
    for field in fields {
        let wrong = match field.name {
            "family" if filled.family.trim().is_empty() => ErrorCode::NameInvalid.message(visit.language),
            "joined_year" | "left_year" if year(&field.value).is_none() => words.year_wrong,
            "consent" if filled.consent.is_empty() => words.consent_wrong,
            _ => continue,
        };
        field.error = Some(wrong.to_owned());
    }
}

/// A year as people type it; empty is one as well.
fn year(typed: &str) -> Option<String> {
    let digits: String = typed.nfkc().filter(|c| !c.is_whitespace() && *c != '年').collect();
    let fits = digits.len() == 4 && digits.parse::<u16>().is_ok_and(|year| (1900..2100).contains(&year));
    (fits || digits.is_empty()).then_some(digits)
}

fn acceptance(secret: &Secret, code: &str, attempt: AttemptId, filled: &Filled) -> Acceptance {
    let fields = [
        (ProfileField::Department, filled.department.trim().to_owned()),
        (ProfileField::JoinedYear, year(&filled.joined_year).unwrap_or_default()),
        (ProfileField::LeftYear, year(&filled.left_year).unwrap_or_default()),
    ];
    let plain = |text: &str| text.trim().chars().filter(|c| !c.is_control()).collect::<String>();
    Acceptance {
        id: secret.acceptance(code, attempt),
        name: PersonName { family: plain(&filled.family), given: plain(&filled.given) },
        fact: Some(filled.fact.trim().to_owned()).filter(|fact| !fact.is_empty()),
        note: filled.note.trim().replace("\r\n", "\n"),
        fields: BTreeMap::from(fields).into_iter().filter(|(_, value)| !value.is_empty()).collect(),
        to_inviter: !filled.to_inviter.is_empty(),
        to_company: !filled.to_company.is_empty(),
    }
}
