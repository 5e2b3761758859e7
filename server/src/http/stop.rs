//! The page behind the link in a mail that stops the recovery of a membership. Opening it changes
//! nothing, as mail scanners open every link; its button does.

use super::{
    App,
    answer::{InOwnWords, language},
    page,
};
use crate::{
    db::{Connection, Scope},
    error::{Error, Result},
    recovery,
};
use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, Response, StatusCode},
};
use enishi_protocol::{ErrorCode, Language};

/// What the page says.
enum Says {
    Asks,
    Stopped,
    Over,
}

/// The page.
#[utoipa::path(get, path = "/stop/{code}", operation_id = "stop_page", tag = "public",
    params(("code" = String, Path, description = "The code from the mail")), responses(
    (status = 200, description = "A page for people, with a button", body = String, content_type = "text/html"),
    (status = 410, description = "A page for people: it is over", body = String, content_type = "text/html"),
))]
pub(super) async fn show(
    State(app): State<App>,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Result<Response<Body>> {
    let found = app.db.read(Scope::Accounts, move |conn| recovery::find_stop(conn, &code)).await;
    answer(language(&headers), found.map(|_| Says::Asks))
}

/// Stops the recovery. Doing it again changes nothing.
#[utoipa::path(post, path = "/stop/{code}", operation_id = "press_stop", tag = "public",
    params(("code" = String, Path, description = "The code from the mail")), responses(
    (status = 200, description = "A page for people: it is stopped", body = String, content_type = "text/html"),
    (status = 410, description = "A page for people: it is over", body = String, content_type = "text/html"),
))]
pub(super) async fn press(
    State(app): State<App>,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Result<Response<Body>> {
    answer(language(&headers), stop(&app, code).await.map(|()| Says::Stopped))
}

async fn stop(app: &App, code: String) -> Result<()> {
    let place = app.db.read(Scope::Accounts, move |conn| recovery::find_stop(conn, &code)).await?;
    let surroundings = app.surroundings.clone();
    let stop = move |conn: &mut dyn Connection| recovery::stop(conn, &*surroundings, place);
    app.db.write(Scope::Community(place.community), stop).await?;
    app.mail_due.notify_one();
    app.hub.changed(place.community);
    Ok(())
}

fn answer(language: Language, says: Result<Says>) -> Result<Response<Body>> {
    let says = match says {
        Err(Error::Refused(ErrorCode::RecoveryOver)) => Says::Over,
        says => says?,
    };
    let title = match language {
        Language::Ja => "縁｜参加の引き継ぎ",
        Language::En => "Enishi: recovery of a membership",
    };
    let (heading, lines, button) = words(language, &says);
    let mut response = page::plain(language, title, heading, &lines, button)?;
    if matches!(says, Says::Over) {
        *response.status_mut() = StatusCode::GONE;
        response.extensions_mut().insert(InOwnWords);
    }
    Ok(response)
}

type Words = (&'static str, [&'static str; 2], Option<&'static str>);

fn words(language: Language, says: &Says) -> Words {
    match (language, says) {
        (Language::Ja, Says::Asks) => (
            "参加の引き継ぎを止めますか",
            [
                "あなたの参加を別のアカウントに移す申し出が支持されています。ご自身の申し出でない場合は、止めてください。",
                "止めると、参加はこれまでのアカウントのままです。このページを開いただけでは、何も変わりません。",
            ],
            Some("引き継ぎを止める"),
        ),
        (Language::Ja, Says::Stopped) => (
            "引き継ぎを止めました",
            [
                "参加は、これまでのアカウントのままです。",
                "心当たりがない申し出だった場合は、会社の担当者にもお知らせください。",
            ],
            None,
        ),
        (Language::Ja, Says::Over) => (
            "この申し出は、もう終わっています",
            [
                "すでに止められたか、引き継ぎが終わっています。",
                "心当たりがない場合は、会社の担当者にお知らせください。",
            ],
            None,
        ),
        (Language::En, Says::Asks) => (
            "Stop this recovery?",
            [
                "A request to move your membership to another account was supported. If you did not ask for it, stop it.",
                "Once stopped, the membership stays with its present account. Opening this page has changed nothing.",
            ],
            Some("Stop the recovery"),
        ),
        (Language::En, Says::Stopped) => (
            "The recovery is stopped",
            [
                "The membership stays with its present account.",
                "If you do not know who asked for it, please tell the company as well.",
            ],
            None,
        ),
        (Language::En, Says::Over) => (
            "This request is over",
            [
                "It was stopped before, or the membership has gone over.",
                "If that was not you, please tell the company.",
            ],
            None,
        ),
    }
}
