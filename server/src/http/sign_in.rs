//! Signing in: asking for a code and spending it.

use super::{App, body::Json, network::Asker, slow::slowly};
use crate::{
    accounts::{
        attempts::{self, Spending, Spent, Wish},
        codes::{self, Code},
        devices, memberships,
    },
    db::Scope,
    error::Result,
    secrets::{self, Hash},
};
use axum::extract::{Path, State};
use enishi_protocol::{
    AttemptId, ErrorBody, ErrorCode, limits,
    session::{SignInCode, SignInStart, SignInStarted, SignedIn},
};

/// Asks for a code. Known and unknown addresses are answered alike.
#[utoipa::path(post, path = "/v1/sign-in", operation_id = "ask_for_code", tag = "public", request_body = SignInStart, responses(
    (status = 200, description = "A code is on its way", body = SignInStarted),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn start(
    State(app): State<App>,
    Asker(asker): Asker,
    Json(start): Json<SignInStart>,
) -> Result<axum::Json<SignInStarted>> {
    ask_for_code(&app, Wish::read(&start)?, asker).await?;
    Ok(axum::Json(SignInStarted { good_for_seconds: limits::CODE_SECONDS, sender: app.post.sender() }))
}

/// Keeps an attempt and sends its code.
pub(super) async fn ask_for_code(app: &App, wish: Wish, asker: attempts::Asker) -> Result<()> {
    let surroundings = app.surroundings.clone();
    let code = slowly(app, move || Code::new(&*surroundings)).await?;
    let surroundings = app.surroundings.clone();
    app.db.write(Scope::Accounts, move |conn| attempts::start(conn, &*surroundings, &wish, &asker, &code)).await?;
    app.mail_due.notify_one();
    Ok(())
}

/// Spends a code. A repeat by the same device gets the same answer.
#[utoipa::path(post, path = "/v1/sign-in/{attempt}/code", operation_id = "spend_code", tag = "public", request_body = SignInCode,
    params(("attempt" = AttemptId, Path, description = "The attempt that asked for the code")), responses(
    (status = 200, description = "Signed in", body = SignedIn),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn spend(
    State(app): State<App>,
    Path(attempt): Path<AttemptId>,
    Json(spent): Json<SignInCode>,
) -> Result<axum::Json<SignedIn>> {
    let secret = secrets::from_hex(&spent.secret).ok_or(ErrorCode::Malformed)?;
    let device = devices::Naming::read(spent.device, &spent.device_name)?;
    match spend_code(&app, attempt, secret, &spent.code, device).await? {
        Spent::SignedIn { token, account } => {
            let memberships = memberships::list(&app.db, account).await?;
            Ok(axum::Json(SignedIn { token, account, memberships }))
        }
        Spent::Wrong => Err(ErrorCode::CodeWrong.into()),
        Spent::Over => Err(ErrorCode::CodeExpired.into()),
    }
}

/// Spends the code that somebody typed.
pub(super) async fn spend_code(
    app: &App,
    attempt: AttemptId,
    secret: Hash,
    typed: &str,
    device: devices::Naming,
) -> Result<Spent> {
    let salt = app.db.read(Scope::Accounts, move |conn| attempts::salt(conn, attempt)).await?;
    let digits = digits(typed);
    let code_hash = slowly(app, move || codes::hash(&digits, &salt)).await?;
    let spending = Spending { attempt, secret, code_hash, device };
    let surroundings = app.surroundings.clone();
    let spent = app.db.write(Scope::Accounts, move |conn| attempts::spend(conn, &*surroundings, &spending)).await?;
    app.mail_due.notify_one();
    Ok(spent)
}

/// A code as people type it: full-width digits and spaces allowed; never longer than a code by much.
pub(super) fn digits(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfkc().filter(|c| !c.is_whitespace()).take(16).collect()
}
