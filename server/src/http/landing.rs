//! The page that an invitation's link opens in a browser: who invites, to what, on which host, and
//! how to go on. Opening it changes nothing.

use super::{
    App, invitations,
    network::Asker,
    web::{self, Asked, Frame},
};
use crate::{
    db::Scope,
    error::{Error, Result},
    invitations::code,
    kinds,
    outreach::declining,
};
use askama::Template;
use axum::{
    body::Body,
    extract::{Path, Query, State},
    http::{Response, StatusCode},
};
use enishi_protocol::{
    ErrorCode, Language,
    invitations::{InvitationPreview, InvitationState, shown_code},
};

#[derive(Template)]
#[template(path = "landing.html")]
struct Page {
    frame: Frame,
    words: Words,
    preview: Option<InvitationPreview>,
    open: bool,
    can_decline: bool,
    host: String,
    link: String,
    code: String,
    shown_code: String,
    language: Language,
}

struct Words {
    heading: String,
    lead: &'static str,
    community: &'static str,
    invited_by: &'static str,
    inviter: &'static str,
    host: &'static str,
    join: &'static str,
    open: &'static str,
    by_hand: &'static str,
    code: &'static str,
    nothing_yet: &'static str,
    rules: &'static str,
    closed: &'static str,
    decline: &'static str,
}

/// The page behind an invitation's link.
#[utoipa::path(get, path = "/i/{code}", operation_id = "invitation_page", tag = "public",
    params(("code" = String, Path, description = "The invitation's code"),
        ("lang" = Option<String>, Query, description = "`ja` or `en`, before what Accept-Language says")), responses(
    (status = 200, description = "A page for people", body = String, content_type = "text/html"),
    (status = 404, description = "A page for people: there is no such invitation", body = String, content_type = "text/html"),
))]
pub(super) async fn show(Path(text): Path<String>, request: Asked) -> Response<Body> {
    let (State(app), Asker(asker), Query(choice), headers) = request;
    let language = choice.language(&headers);
    let shown = async {
        let found = match code::read(&text) {
            Some(code) => match invitations::preview(&app, &code, asker.network).await {
                Ok((_, preview)) => Some((code, preview)),
                Err(Error::Refused(ErrorCode::InvitationUnknown)) => None,
                Err(error) => return Err(error),
            },
            None => None,
        };
        let can_decline = match &found {
            Some((code, _)) => {
                let hash = code::hash(code);
                app.db.read(Scope::Accounts, move |conn| declining::find(conn, &hash)).await.is_ok()
            }
            None => false,
        };
        page(&app, language, found, can_decline)
    };
    web::in_words(shown.await, language)
}

/// The page of an invitation, or one that says that there is none. It leads to declining where one can.
pub(super) fn page(
    app: &App,
    language: Language,
    found: Option<(String, InvitationPreview)>,
    can_decline: bool,
) -> Result<Response<Body>> {
    let (code, preview) = found.unzip();
    let code = code.unwrap_or_default();
    let open = preview.as_ref().is_some_and(|preview| preview.state == InvitationState::Open);
    let status = if preview.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let title = match language {
        Language::Ja => "縁｜招待",
        Language::En => "Enishi: invitation",
    };
    let page = Page {
        frame: Frame::new(language, title),
        words: words(language, preview.as_ref()),
        preview,
        open,
        can_decline,
        host: app.host(),
        link: app.link(&code),
        shown_code: shown_code(&code),
        code,
        language,
    };
    web::send(&page, status, language)
}

fn words(language: Language, preview: Option<&InvitationPreview>) -> Words {
    let community = preview.map_or("", |preview| preview.community.as_str());
    let lead = preview.map_or("", |preview| kinds::lead(preview.kind, language));
    let inviter =
        preview.map_or("", |preview| kinds::inviter(preview.kind, preview.inviter_role, preview.inviter, language));
    let closed = closed(language, preview.map(|preview| preview.state));
    match language {
        Language::Ja => Words {
            heading: if preview.is_some() {
                format!("「{community}」への招待です")
            } else {
                "招待が見つかりません".into()
            },
            lead,
            community: "コミュニティ",
            invited_by: "招待した方",
            inviter,
            host: "サーバー",
            join: "このページで参加する",
            open: "アプリで開く",
            by_hand: "アプリが開かないときは、アプリの「招待で参加する」に次の二つを入力してください。",
            code: "招待コード",
            nothing_yet: "このページを開いただけでは、何も送られません。参加するかどうかは、次の画面で決められます。",
            rules: "ここでのきまり",
            closed,
            decline: "案内を断る",
        },
        Language::En => Words {
            heading: if preview.is_some() {
                format!("You are invited to {community}")
            } else {
                "This invitation was not found".into()
            },
            lead,
            community: "Community",
            invited_by: "Invited by",
            inviter,
            host: "Server",
            join: "Join on this page",
            open: "Open in the app",
            by_hand: "If the app does not open, choose “Join with an invitation” in it and enter these two.",
            code: "Invitation code",
            nothing_yet: "Opening this page has sent nothing. You decide on the next page whether to join.",
            rules: "The rules here",
            closed,
            decline: "Decline",
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
