//! The page that an invitation's link opens in a browser: who invites, to what, on which host, and
//! how to go on. It has no script, and opening it changes nothing.

use super::{
    App,
    answer::{InOwnWords, language},
};
use crate::{
    db::Scope,
    error::{Error, Result},
    invitations::{self, code},
};
use askama::Template;
use axum::{
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
    response::{Html, IntoResponse},
};
use enishi_protocol::{
    ErrorCode, Language,
    invitations::{InvitationPreview, InvitationState},
    membership::{Affiliation, Role},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Choice {
    lang: Option<String>,
}

#[derive(Template)]
#[template(path = "landing.html")]
struct Page {
    words: Words,
    preview: Option<InvitationPreview>,
    open: bool,
    host: String,
    link: String,
    code: String,
}

struct Words {
    lang: &'static str,
    title: &'static str,
    heading: String,
    lead: &'static str,
    community: &'static str,
    invited_by: &'static str,
    inviter: &'static str,
    host: &'static str,
    open: &'static str,
    by_hand: &'static str,
    code: &'static str,
    nothing_yet: &'static str,
    closed: &'static str,
    other_lang: &'static str,
    other_name: &'static str,
}

/// The page behind an invitation's link.
#[utoipa::path(get, path = "/i/{code}", operation_id = "invitation_page", tag = "public",
    params(("code" = String, Path, description = "The invitation's code"),
        ("lang" = Option<String>, Query, description = "`ja` or `en`, before what Accept-Language says")), responses(
    (status = 200, description = "A page for people", body = String, content_type = "text/html"),
    (status = 404, description = "A page for people: there is no such invitation", body = String, content_type = "text/html"),
))]
pub(super) async fn show(
    State(app): State<App>,
    Path(text): Path<String>,
    Query(choice): Query<Choice>,
    headers: HeaderMap,
) -> Result<Response<Body>> {
    let language = choice.lang.as_deref().map_or_else(|| language(&headers), Language::preferred);
    let preview = match code::read(&text) {
        Some(code) => match preview(&app, &code).await {
            Ok(preview) => Some((code, preview)),
            Err(Error::Refused(ErrorCode::InvitationUnknown)) => None,
            Err(error) => return Err(error),
        },
        None => None,
    };
    page(&app, language, preview)
}

/// Looks an invitation up for a link or an app.
pub(super) async fn preview(app: &App, code: &str) -> Result<InvitationPreview> {
    let hash = code::hash(code);
    let place = app.db.read(Scope::Accounts, move |conn| invitations::find(conn, &hash)).await?;
    let now_us = app.surroundings.now_us();
    app.db.read(Scope::Community(place.community), move |conn| invitations::preview(conn, now_us, place)).await
}

fn page(app: &App, language: Language, found: Option<(String, InvitationPreview)>) -> Result<Response<Body>> {
    let known = found.is_some();
    let (code, preview) = found.unzip();
    let code = code.unwrap_or_default();
    let url = app.url();
    let host = url.split_once("://").map_or(url.as_str(), |(_, host)| host).to_owned();
    let open = preview.as_ref().is_some_and(|preview| preview.state == InvitationState::Open);
    let words = words(language, preview.as_ref());
    let html = Page { words, preview, open, host, link: app.link(&code), code }
        .render()
        .map_err(|error| Error::Internal(error.to_string()))?;
    let mut response = Html(html).into_response();
    if !known {
        *response.status_mut() = StatusCode::NOT_FOUND;
        response.extensions_mut().insert(InOwnWords);
    }
    let headers = response.headers_mut();
    for (name, value) in [
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::VARY, "accept-language"),
        (header::CONTENT_LANGUAGE, super::answer::name(language)),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

fn words(language: Language, preview: Option<&InvitationPreview>) -> Words {
    let community = preview.map_or("", |preview| preview.community.as_str());
    let state = preview.map(|preview| preview.state);
    let inviter = preview.map(|preview| (preview.inviter_role, preview.inviter));
    match language {
        Language::Ja => Words {
            lang: "ja",
            title: "縁｜招待",
            heading: if preview.is_some() {
                format!("「{community}」への招待です")
            } else {
                "招待が見つかりません".into()
            },
            lead: "会社を離れても、縁は続きます。ここは、退職した方と会社をつなぐ、招待された方だけのコミュニティです。",
            community: "コミュニティ",
            invited_by: "招待した方",
            inviter: match inviter {
                Some((Role::Member, Affiliation::Alumnus)) => "（退職した方）",
                Some((Role::Member, Affiliation::Employee)) => "（在職中の方）",
                Some(_) => "（コミュニティの担当者）",
                None => "",
            },
            host: "サーバー",
            open: "アプリで開く",
            by_hand: "アプリが開かないときは、アプリの「招待で参加する」に次の二つを入力してください。",
            code: "招待コード",
            nothing_yet: "このページを開いただけでは、何も送られません。参加するかどうかは、アプリで決められます。",
            closed: closed(language, state),
            other_lang: "en",
            other_name: "English",
        },
        Language::En => Words {
            lang: "en",
            title: "Enishi: invitation",
            heading: if preview.is_some() {
                format!("You are invited to {community}")
            } else {
                "This invitation was not found".into()
            },
            lead: "Leaving a company need not end the relationship. This is a community for its alumni, open to those who are invited.",
            community: "Community",
            invited_by: "Invited by",
            inviter: match inviter {
                Some((Role::Member, Affiliation::Alumnus)) => " (alumnus)",
                Some((Role::Member, Affiliation::Employee)) => " (employee)",
                Some(_) => " (runs the community)",
                None => "",
            },
            host: "Server",
            open: "Open in the app",
            by_hand: "If the app does not open, choose “Join with an invitation” in it and enter these two.",
            code: "Invitation code",
            nothing_yet: "Opening this page has sent nothing. You decide in the app whether to join.",
            closed: closed(language, state),
            other_lang: "ja",
            other_name: "日本語",
        },
    }
}

fn closed(language: Language, state: Option<InvitationState>) -> &'static str {
    let code = match state {
        Some(InvitationState::Open) => return "",
        Some(InvitationState::Used) => ErrorCode::InvitationUsed,
        Some(InvitationState::Expired) => ErrorCode::InvitationExpired,
        Some(InvitationState::Revoked) => ErrorCode::InvitationRevoked,
        None => ErrorCode::InvitationUnknown,
    };
    code.message(language)
}
