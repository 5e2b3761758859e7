//! A new device that is let in by one which is signed in: it shows a link as a QR code.

use super::{App, answer, body::Json, extract::SignedIn, network::Asker, page};
use crate::{
    accounts::{
        approvals::{self, Answer, Wish},
        memberships,
    },
    db::Scope,
    error::Result,
    secrets,
};
use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, Response, StatusCode},
};
use enishi_protocol::{
    AttemptId, ErrorBody, ErrorCode, Language,
    account::{ApprovalAnswer, ApprovalProof, ApprovalStart, ApprovalStarted, ApprovalView},
    limits,
    session::SignedIn as Session,
};

/// A new device asks to be approved.
#[utoipa::path(post, path = "/v1/approvals", operation_id = "ask_for_approval", tag = "public", request_body = ApprovalStart, responses(
    (status = 200, description = "It may be approved now", body = ApprovalStarted),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn start(
    State(app): State<App>,
    Asker(asker): Asker,
    Json(start): Json<ApprovalStart>,
) -> Result<axum::Json<ApprovalStarted>> {
    let wish = Wish::read(&start)?;
    let surroundings = app.surroundings.clone();
    let keep = move |conn: &mut dyn crate::db::Connection| {
        approvals::start(conn, &*surroundings, asker.network.as_deref(), &wish)
    };
    app.db.write(Scope::Accounts, keep).await?;
    let link = app.approval_link(start.attempt);
    Ok(axum::Json(ApprovalStarted { good_for_seconds: limits::APPROVAL_SECONDS, link }))
}

/// The device that asks. Changes nothing.
#[utoipa::path(get, path = "/v1/approvals/{attempt}", operation_id = "show_approval", tag = "session", security(("session" = [])),
    params(("attempt" = AttemptId, Path, description = "The attempt that the device shows")), responses(
    (status = 200, description = "The device", body = ApprovalView),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn show(
    State(app): State<App>,
    SignedIn(session): SignedIn,
    Asker(asker): Asker,
    Path(attempt): Path<AttemptId>,
) -> Result<axum::Json<ApprovalView>> {
    let now_us = app.surroundings.now_us();
    let show = move |conn: &mut dyn crate::db::Connection| {
        approvals::show(conn, now_us, &session, asker.network.as_deref(), attempt)
    };
    app.db.read(Scope::Accounts, show).await.map(axum::Json)
}

/// Lets the device into the account that is signed in here. A repeat changes nothing.
#[utoipa::path(post, path = "/v1/approvals/{attempt}/approve", operation_id = "approve_device", tag = "session", security(("session" = [])),
    params(("attempt" = AttemptId, Path, description = "The attempt that the device shows")), responses(
    (status = 204, description = "Approved"),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn approve(
    State(app): State<App>,
    SignedIn(session): SignedIn,
    Path(attempt): Path<AttemptId>,
) -> Result<StatusCode> {
    let now_us = app.surroundings.now_us();
    app.db.write(Scope::Accounts, move |conn| approvals::approve(conn, now_us, &session, attempt)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The device asks whether it was approved. A repeat by the same device gets the same answer.
#[utoipa::path(post, path = "/v1/approvals/{attempt}/session", operation_id = "spend_approval", tag = "public", request_body = ApprovalProof,
    params(("attempt" = AttemptId, Path, description = "The device's attempt")), responses(
    (status = 200, description = "Signed in, or not yet", body = ApprovalAnswer),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn spend(
    State(app): State<App>,
    Path(attempt): Path<AttemptId>,
    Json(proof): Json<ApprovalProof>,
) -> Result<axum::Json<ApprovalAnswer>> {
    let secret = secrets::from_hex(&proof.secret).ok_or(ErrorCode::Malformed)?;
    let surroundings = app.surroundings.clone();
    let spend = move |conn: &mut dyn crate::db::Connection| approvals::spend(conn, &*surroundings, attempt, &secret);
    match app.db.write(Scope::Accounts, spend).await? {
        Answer::Waiting => Ok(axum::Json(ApprovalAnswer::Waiting)),
        Answer::SignedIn { token, account } => {
            app.mail_due.notify_one();
            let memberships = memberships::list(&app.db, account).await?;
            Ok(axum::Json(ApprovalAnswer::SignedIn(Session { token, account, memberships })))
        }
    }
}

/// What a camera opens that is no app's: how to go on. It looks nothing up.
#[utoipa::path(get, path = "/d/{attempt}", operation_id = "approval_page", tag = "public",
    params(("attempt" = String, Path, description = "The attempt that the device shows")), responses(
    (status = 200, description = "A page for people", body = String, content_type = "text/html"),
))]
pub(super) async fn page(Path(_attempt): Path<String>, headers: HeaderMap) -> Result<Response<Body>> {
    let language = answer::language(&headers);
    let (title, lines) = match language {
        Language::Ja => (
            "縁｜新しい端末のサインイン",
            [
                "このコードは、サインイン済みの端末の縁のアプリで読み取ってください（「端末」→「新しい端末を追加」）。",
                "ご自身の端末に表示されたコードだけを読み取ってください。だれかから送られたものは、読み取らないでください。",
            ],
        ),
        Language::En => (
            "Enishi: sign a new device in",
            [
                "Scan this code with the Enishi app on a device that is signed in (Devices, Add a device).",
                "Scan only a code that your own device shows. Do not scan one that somebody sent you.",
            ],
        ),
    };
    page::plain(language, title, title, &lines, None)
}
