//! The printed recovery code: made by a device that is signed in, spent by one that is not.

use super::{App, body::Json, extract::SignedIn, network::Asker, slow::slowly};
use crate::{
    accounts::{
        codes, devices, memberships,
        recovery_codes::{self, Code, Spending},
    },
    db::Scope,
    error::Result,
    secrets,
};
use axum::{extract::State, http::StatusCode};
use enishi_protocol::{
    ErrorBody, ErrorCode,
    account::{RecoveryCodeMaking, RecoveryCodeSpending},
    session::SignedIn as Session,
};

/// Makes or replaces the account's recovery code. A repeat changes nothing.
#[utoipa::path(post, path = "/v1/recovery-code", operation_id = "make_recovery_code", tag = "session", security(("session" = [])),
    request_body = RecoveryCodeMaking, responses(
    (status = 204, description = "It can be used"),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn set(
    State(app): State<App>,
    SignedIn(session): SignedIn,
    Json(making): Json<RecoveryCodeMaking>,
) -> Result<StatusCode> {
    let code = Code::read(&making.code)?;
    let salt: [u8; 16] = secrets::random(&*app.surroundings);
    let secret = code.secret.clone();
    let hash = slowly(&app, move || codes::hash(&secret, &salt)).await?;
    let surroundings = app.surroundings.clone();
    let keep = move |conn: &mut dyn crate::db::Connection| {
        recovery_codes::set(conn, &*surroundings, &session, making.id, &code, (&salt, &hash))
    };
    app.db.write(Scope::Accounts, keep).await?;
    app.mail_due.notify_one();
    Ok(StatusCode::NO_CONTENT)
}

/// Signs in with the recovery code. A repeat by the same device gets the same answer.
#[utoipa::path(post, path = "/v1/recovery-code/spend", operation_id = "spend_recovery_code", tag = "public",
    request_body = RecoveryCodeSpending, responses(
    (status = 200, description = "Signed in", body = Session),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn spend(
    State(app): State<App>,
    Asker(asker): Asker,
    Json(given): Json<RecoveryCodeSpending>,
) -> Result<axum::Json<Session>> {
    let attempt_secret = secrets::from_hex(&given.secret).ok_or(ErrorCode::Malformed)?;
    let device = devices::Naming::read(given.device, &given.device_name)?;
    let code = Code::read(&given.code)?;
    let (counted, now_us) = (code.clone(), app.surroundings.now_us());
    let begin = move |conn: &mut dyn crate::db::Connection| recovery_codes::begin(conn, now_us, &asker, &counted);
    let salt = app.db.write(Scope::Accounts, begin).await?;
    let secret = code.secret.clone();
    let secret_hash = slowly(&app, move || codes::hash(&secret, &salt)).await?;
    let spending = Spending { attempt: given.attempt, secret: attempt_secret, code, secret_hash, device };
    let surroundings = app.surroundings.clone();
    let spend = move |conn: &mut dyn crate::db::Connection| recovery_codes::spend(conn, &*surroundings, &spending);
    let (token, account) = app.db.write(Scope::Accounts, spend).await?;
    app.mail_due.notify_one();
    let memberships = memberships::list(&app.db, account).await?;
    Ok(axum::Json(Session { token, account, memberships }))
}
