//! The addresses of the account that is signed in.

use super::{App, body::Json, extract::SignedIn, network::Asker, sign_in::digits, slow::slowly};
use crate::{
    accounts::{
        addresses::{self, Spending, Wish},
        codes::{self, Code},
        employers::Employers,
    },
    db::Scope,
    error::Result,
    secrets,
};
use axum::extract::{Path, State};
use enishi_protocol::{
    AccountId, AttemptId, ErrorBody, ErrorCode,
    account::{Address, AddressCode, AddressRemoval, AddressStart},
    limits,
    session::SignInStarted,
};

/// The account's addresses.
#[utoipa::path(get, path = "/v1/addresses", operation_id = "addresses", tag = "session", security(("session" = [])), responses(
    (status = 200, description = "The addresses, oldest first", body = Vec<Address>),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn list(State(app): State<App>, SignedIn(session): SignedIn) -> Result<axum::Json<Vec<Address>>> {
    listed(&app, session.account).await
}

async fn listed(app: &App, account: AccountId) -> Result<axum::Json<Vec<Address>>> {
    app.db.read(Scope::Accounts, move |conn| addresses::list(conn, account)).await.map(axum::Json)
}

/// Asks for a code to a new address. One that another account has is answered alike.
#[utoipa::path(post, path = "/v1/addresses", operation_id = "add_address", tag = "session", security(("session" = [])),
    request_body = AddressStart, responses(
    (status = 200, description = "A code is on its way", body = SignInStarted),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn start(
    State(app): State<App>,
    SignedIn(session): SignedIn,
    Asker(asker): Asker,
    Json(start): Json<AddressStart>,
) -> Result<axum::Json<SignInStarted>> {
    let wish = Wish::read(&start)?;
    let surroundings = app.surroundings.clone();
    let code = slowly(&app, move || Code::new(&*surroundings)).await?;
    let surroundings = app.surroundings.clone();
    let keep = move |conn: &mut dyn crate::db::Connection| {
        addresses::start(conn, &*surroundings, &session, asker.network.as_deref(), &wish, &code)
    };
    app.db.write(Scope::Accounts, keep).await?;
    app.mail_due.notify_one();
    Ok(axum::Json(SignInStarted { good_for_seconds: limits::CODE_SECONDS, sender: app.post.sender() }))
}

/// Confirms a new address. A repeat by the same device gets the same answer.
#[utoipa::path(post, path = "/v1/addresses/{attempt}/code", operation_id = "confirm_address", tag = "session", security(("session" = [])),
    params(("attempt" = AttemptId, Path, description = "The attempt that asked for the code")), request_body = AddressCode, responses(
    (status = 200, description = "The addresses, oldest first", body = Vec<Address>),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn confirm(
    State(app): State<App>,
    SignedIn(session): SignedIn,
    Path(attempt): Path<AttemptId>,
    Json(spent): Json<AddressCode>,
) -> Result<axum::Json<Vec<Address>>> {
    let secret = secrets::from_hex(&spent.secret).ok_or(ErrorCode::Malformed)?;
    let salt = app.db.read(Scope::Accounts, move |conn| addresses::salt(conn, attempt)).await?;
    let digits = digits(&spent.code);
    let code_hash = slowly(&app, move || codes::hash(&digits, &salt)).await?;
    let employers = Employers::of(&app.db, session.account).await?;
    let surroundings = app.surroundings.clone();
    let spending = Spending { attempt, secret, code_hash };
    let confirm = move |conn: &mut dyn crate::db::Connection| {
        addresses::confirm(conn, &*surroundings, &session, &spending, &employers)
    };
    app.db.write(Scope::Accounts, confirm).await??;
    app.mail_due.notify_one();
    listed(&app, session.account).await
}

/// Removes an address, never the last. A repeat changes nothing.
#[utoipa::path(post, path = "/v1/addresses/remove", operation_id = "remove_address", tag = "session", security(("session" = [])),
    request_body = AddressRemoval, responses(
    (status = 200, description = "The addresses that are left, oldest first", body = Vec<Address>),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn remove(
    State(app): State<App>,
    SignedIn(session): SignedIn,
    Json(removal): Json<AddressRemoval>,
) -> Result<axum::Json<Vec<Address>>> {
    let employers = Employers::of(&app.db, session.account).await?;
    let surroundings = app.surroundings.clone();
    let remove = move |conn: &mut dyn crate::db::Connection| {
        addresses::remove(conn, &*surroundings, &session, (removal.id, &removal.address), &employers)
    };
    app.db.write(Scope::Accounts, remove).await?;
    app.mail_due.notify_one();
    listed(&app, session.account).await
}
