//! Joining in a browser, without a script and without the app: an address, the code that comes by mail, a
//! name, and one is in.
//!
//! Every step asks the same functions as the app. Opening a page changes nothing; a press does, and leads
//! to a page that is opened anew, so that going back, reloading and pressing twice do no harm. Where a
//! step stands is read from the database; see `cookie` for what the browser holds.

mod cookie;
mod pages;
mod steps;
mod words;

use super::{
    App,
    body::Form,
    landing,
    network::Asker,
    web::{self, Asked},
};
use crate::{
    accounts::{attempts, memberships},
    db::{Connection, Scope},
    error::{Error, Result},
    invitations::{self, Place, code},
};
use axum::{
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderMap, Response, StatusCode},
};
use cookie::Secret;
use enishi_protocol::{
    AttemptId, ErrorCode, Language,
    invitations::{InvitationPreview, InvitationState},
    membership::{Membership, Standing},
};
use serde::Deserialize;
use uuid::Uuid;
use words::Words;

/// Somebody at an invitation's door.
struct Visit {
    app: App,
    code: String,
    place: Place,
    preview: InvitationPreview,
    language: Language,
}

impl Visit {
    fn words(&self) -> &'static Words {
        words::of(self.language)
    }

    /// Where a step is: the first, or those of an attempt.
    fn path(&self, attempt: Option<AttemptId>) -> String {
        let attempt = attempt.map_or_else(String::new, |attempt| format!("/{attempt}"));
        format!("/i/{}/join{attempt}?lang={}", self.code, super::answer::name(self.language))
    }

    fn invitation(&self) -> String {
        format!("/i/{}?lang={}", self.code, super::answer::name(self.language))
    }

    fn is_open(&self) -> bool {
        self.preview.state == InvitationState::Open
    }

    /// The invitation's own page, which says why nobody can join by it.
    fn closed(self) -> Result<Response<Body>> {
        landing::page(&self.app, self.language, Some((self.code, self.preview)), false)
    }
}

/// Opens an invitation, and answers with what `then` makes of the visit.
async fn visit(
    (State(app), Asker(asker), Query(choice), headers): Asked,
    text: &str,
    then: impl AsyncFnOnce(Visit, attempts::Asker, HeaderMap) -> Result<Response<Body>>,
) -> Response<Body> {
    let language = choice.language(&headers);
    let answer = async {
        let Some(code) = code::read(text) else { return landing::page(&app, language, None, false) };
        match super::invitations::preview(&app, &code, asker.network.clone()).await {
            Ok((place, preview)) => then(Visit { app, code, place, preview, language }, asker, headers).await,
            Err(Error::Refused(ErrorCode::InvitationUnknown)) => landing::page(&app, language, None, false),
            Err(error) => Err(error),
        }
    };
    web::in_words(answer.await, language)
}

/// The first step.
#[derive(Deserialize)]
pub(in crate::http) struct AddressForm {
    seal: String,
    nonce: Uuid,
    #[serde(default)]
    address: String,
}

/// The first page of joining in a browser: the e-mail address.
#[utoipa::path(get, path = "/i/{code}/join", operation_id = "join_page", tag = "public",
    params(("code" = String, Path, description = "The invitation's code"),
        ("lang" = Option<String>, Query, description = "`ja` or `en`, before what Accept-Language says")), responses(
    (status = 200, description = "A page for people", body = String, content_type = "text/html"),
))]
pub(super) async fn begin(Path(text): Path<String>, asked: Asked) -> Response<Body> {
    visit(asked, &text, async |visit, _, headers| {
        if !visit.is_open() {
            return visit.closed();
        }
        let secret = Secret::of(&visit.app, &headers).unwrap_or_else(|| Secret::new(&visit.app));
        pages::address(&visit, &secret, "", None, false)
    })
    .await
}

/// Takes the address and sends a code to it. The same form again sends no second one.
#[utoipa::path(post, path = "/i/{code}/join", operation_id = "join_ask", tag = "public",
    params(("code" = String, Path, description = "The invitation's code")),
    request_body(content = String, content_type = "application/x-www-form-urlencoded", description = "The page's form"), responses(
    (status = 303, description = "To the page of the next step"),
    (status = "4XX", description = "The page again, with what is wrong", body = String, content_type = "text/html"),
))]
pub(super) async fn ask(
    Path(text): Path<String>,
    asked: Asked,
    form: std::result::Result<Form<AddressForm>, Error>,
) -> Response<Body> {
    visit(asked, &text, async |visit, asker, headers| {
        let Form(form) = form?;
        if !visit.is_open() {
            return visit.closed();
        }
        let secret = Secret::of(&visit.app, &headers).filter(|it| it.sealed(&visit.code, "address", &form.seal));
        let Some(secret) = secret else { return press_again(&visit, &headers, &form.address) };
        match steps::send_code(&visit, &secret, asker, form.nonce, &form.address).await {
            Ok(attempt) => web::go_to(&visit.path(Some(attempt))),
            Err(error @ (Error::Refused(_) | Error::Wait { .. })) => {
                let status = StatusCode::from_u16(error.code().status()).unwrap_or(StatusCode::BAD_REQUEST);
                let message = error.code().message(visit.language).to_owned();
                pages::address(&visit, &secret, &form.address, Some((status, message)), true)
            }
            Err(error) => Err(error),
        }
    })
    .await
}

/// The form is not one of ours, or the browser has lost its cookie: nothing was done with it.
fn press_again(visit: &Visit, headers: &HeaderMap, address: &str) -> Result<Response<Body>> {
    let secret = Secret::of(&visit.app, headers).unwrap_or_else(|| Secret::new(&visit.app));
    let problem = (StatusCode::FORBIDDEN, visit.words().begin_again.to_owned());
    pages::address(visit, &secret, address, Some(problem), false)
}

/// Where somebody stands.
enum Step {
    Code(String),
    Profile(crate::accounts::sessions::SignedInAs),
    Done(Membership),
    Over,
}

/// The page of the step that an attempt has come to.
#[utoipa::path(get, path = "/i/{code}/join/{attempt}", operation_id = "join_step_page", tag = "public",
    params(("code" = String, Path, description = "The invitation's code"), ("attempt" = AttemptId, Path, description = "The attempt"),
        ("lang" = Option<String>, Query, description = "`ja` or `en`, before what Accept-Language says")), responses(
    (status = 200, description = "A page for people", body = String, content_type = "text/html"),
    (status = 410, description = "A page for people: the attempt is over, or another browser's", body = String, content_type = "text/html"),
))]
pub(super) async fn show(Path((text, attempt)): Path<(String, AttemptId)>, asked: Asked) -> Response<Body> {
    visit(asked, &text, async |visit, _, headers| {
        let Some(secret) = Secret::of(&visit.app, &headers) else { return pages::over(&visit) };
        match step(&visit, &secret, attempt).await? {
            Step::Code(address) => pages::code(&visit, &secret, attempt, &address, ("", None)),
            Step::Profile(_) => pages::profile(&visit, &secret, attempt, pages::profile_fields(&visit), None),
            Step::Done(membership) => pages::done(&visit, &membership),
            Step::Over => pages::over(&visit),
        }
    })
    .await
}

/// Takes the code, or the profile. The same form again gets the same answer.
#[utoipa::path(post, path = "/i/{code}/join/{attempt}", operation_id = "join_step", tag = "public",
    params(("code" = String, Path, description = "The invitation's code"), ("attempt" = AttemptId, Path, description = "The attempt")),
    request_body(content = String, content_type = "application/x-www-form-urlencoded", description = "The page's form"), responses(
    (status = 303, description = "To the page of the next step"),
    (status = "4XX", description = "The page again, with what is wrong", body = String, content_type = "text/html"),
))]
pub(super) async fn go_on(
    Path((text, attempt)): Path<(String, AttemptId)>,
    asked: Asked,
    form: std::result::Result<Form<steps::Filled>, Error>,
) -> Response<Body> {
    visit(asked, &text, async |visit, _, headers| {
        let Form(filled) = form?;
        let step_name = if filled.is_code() { "code" } else { "profile" };
        let secret = Secret::of(&visit.app, &headers).filter(|it| it.sealed(&visit.code, step_name, &filled.seal));
        let Some(secret) = secret else { return pages::over(&visit) };
        match step(&visit, &secret, attempt).await? {
            Step::Code(address) if filled.is_code() => {
                steps::spend(&visit, &secret, attempt, &address, &filled.digits).await
            }
            Step::Profile(session) if !filled.is_code() => {
                steps::join(&visit, &secret, attempt, session, &filled).await
            }
            Step::Over => pages::over(&visit),
            // A form of a step that was taken already: its answer is where one stands now.
            _ => web::go_to(&visit.path(Some(attempt))),
        }
    })
    .await
}

async fn step(visit: &Visit, secret: &Secret, attempt: AttemptId) -> Result<Step> {
    let (proof, now_us) = (secret.of_attempt(attempt), visit.app.surroundings.now_us());
    let look = move |conn: &mut dyn Connection| attempts::progress(conn, now_us, attempt, &proof);
    let (account, session) = match visit.app.db.read(Scope::Accounts, look).await? {
        attempts::Progress::Sent { address } => return Ok(Step::Code(address)),
        attempts::Progress::Spent { account, session } => (account, session),
        attempts::Progress::Over => return Ok(Step::Over),
    };
    let (community, acceptance) = (visit.place.community, secret.acceptance(&visit.code, attempt));
    let look = move |conn: &mut dyn Connection| {
        let earlier = invitations::earlier(conn, community, account, acceptance)?.is_some();
        let membership = memberships::load(conn, account, community)?;
        Ok::<_, Error>(membership.filter(|membership| earlier || membership.standing != Standing::Ended))
    };
    let membership = visit.app.db.read(Scope::Community(community), look).await?;
    Ok(match (membership, session) {
        (Some(membership), _) => Step::Done(membership),
        (None, Some(session)) => Step::Profile(session),
        (None, None) => Step::Over,
    })
}
