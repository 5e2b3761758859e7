//! Errors on their way out: every one becomes an [`ErrorBody`] in the language that was asked for,
//! also those that the router, a limit, a timeout or a panic made.

use crate::error::{Error, retry_after};
use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
    middleware::Next,
    response::IntoResponse,
};
use enishi_protocol::{ErrorBody, ErrorCode, Language};

/// Why a request failed; turned into words by [`in_words`].
#[derive(Clone, Copy, Debug)]
struct Failure {
    code: ErrorCode,
    retry_after: Option<u32>,
}

/// Marks an error answer that says in its own words what happened (a page for people).
#[derive(Clone, Copy, Debug)]
pub(super) struct InOwnWords;

impl IntoResponse for Error {
    fn into_response(self) -> Response<Body> {
        if self.code() == ErrorCode::Internal {
            tracing::error!(error = %self, "a request failed inside");
        }
        let mut response = status(self.code()).into_response();
        let failure = Failure { code: self.code(), retry_after: self.retry_after() };
        response.extensions_mut().insert(failure);
        response
    }
}

fn status(code: ErrorCode) -> StatusCode {
    StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The language that a request asks for.
pub(super) fn language(headers: &HeaderMap) -> Language {
    let header = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Language::preferred(header.unwrap_or_default())
}

/// Gives every failed answer its body.
pub(super) async fn in_words(request: Request, next: Next) -> Response<Body> {
    let language = language(request.headers());
    let response = next.run(request).await;
    let plain = response.extensions().get::<InOwnWords>().is_some();
    if plain || !(response.status().is_client_error() || response.status().is_server_error()) {
        return response;
    }
    let failure = response.extensions().get::<Failure>().copied().unwrap_or_else(|| {
        let code = code_of(response.status());
        Failure { code, retry_after: retry_after(code) }
    });
    let allow = response.headers().get(header::ALLOW).cloned();
    let mut answer = body(failure, language);
    if let Some(allow) = allow {
        answer.headers_mut().insert(header::ALLOW, allow);
    }
    answer
}

/// The code for an answer that none of our handlers made.
fn code_of(status: StatusCode) -> ErrorCode {
    match status {
        StatusCode::NOT_FOUND => ErrorCode::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => ErrorCode::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => ErrorCode::TooLarge,
        StatusCode::REQUEST_TIMEOUT | StatusCode::SERVICE_UNAVAILABLE => ErrorCode::TryAgain,
        status if status.is_client_error() => ErrorCode::Malformed,
        _ => ErrorCode::Internal,
    }
}

fn body(failure: Failure, language: Language) -> Response<Body> {
    let words = ErrorBody { retry_after_seconds: failure.retry_after, ..ErrorBody::new(failure.code, language) };
    let mut response = (status(failure.code), axum::Json(words)).into_response();
    let headers = response.headers_mut();
    if let Some(seconds) = failure.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if failure.code == ErrorCode::SignedOut {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(name(language)));
    headers.insert(header::VARY, HeaderValue::from_static("accept-language"));
    response
}

pub(super) fn name(language: Language) -> &'static str {
    crate::mail::queue::language_name(language)
}

/// What a panic inside a handler becomes; its words go to the log alone.
pub(super) fn panicked(_panic: Box<dyn std::any::Any + Send>) -> Response<Body> {
    Error::Internal("a handler panicked".into()).into_response()
}
