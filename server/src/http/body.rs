//! Request bodies: JSON, and forms of browsers, within their limit.

use crate::error::Error;
use axum::{
    body::{Bytes, to_bytes},
    extract::{FromRequest, Request},
};
use enishi_protocol::{ErrorCode, limits};
use serde::de::DeserializeOwned;

/// A JSON body within the limit for ordinary calls.
pub(super) struct Json<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Error;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Error> {
        parse(&read(request, limits::BODY_BYTES).await?).map(Self)
    }
}

/// The fields of a form that a browser sends, within the limit for ordinary calls.
pub(super) struct Form<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Error;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Error> {
        let bytes = read(request, limits::BODY_BYTES).await?;
        serde_urlencoded::from_bytes(&bytes).map(Self).map_err(|_| Error::Refused(ErrorCode::Malformed))
    }
}

/// Reads a body, counting bytes after decompression.
pub(super) async fn read(request: Request, limit: usize) -> Result<Bytes, Error> {
    to_bytes(request.into_body(), limit).await.map_err(|error| {
        let too_large = is_over_limit(&error);
        Error::Refused(if too_large { ErrorCode::TooLarge } else { ErrorCode::Malformed })
    })
}

fn is_over_limit(error: &axum::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.to_string().contains("length limit exceeded") {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Reads JSON; unknown fields are passed over.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(bytes).map_err(|_| Error::Refused(ErrorCode::Malformed))
}
