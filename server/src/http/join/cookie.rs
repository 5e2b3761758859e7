//! The secret of somebody who joins in a browser: 256 bits in a cookie that no script and no other site
//! can use, and that is forgotten within the hour.
//!
//! Everything else is derived from it: the attempt to sign in, the secret that proves it, and the seal on
//! each form. So pages need no memory, and a form that is sent twice means the same thing twice. The
//! session that joining needs stays on the server; no browser is given its token.

use crate::{
    accounts::address,
    http::App,
    secrets::{self, Hash},
};
use axum::http::{HeaderMap, HeaderValue, header};
use enishi_protocol::{AttemptId, DeviceId, RequestId, limits::JOINING_SECONDS};
use uuid::Uuid;

/// Where only https is spoken, a name under which no other host of the domain can set a cookie.
const NAME_OF_HTTPS: &str = "__Host-enishi-join";
const NAME: &str = "enishi-join";

pub(super) struct Secret(Hash);

impl Secret {
    pub(super) fn new(app: &App) -> Self {
        Self(secrets::random(&*app.surroundings))
    }

    /// The one that the browser holds.
    pub(super) fn of(app: &App, headers: &HeaderMap) -> Option<Self> {
        let name = name(app);
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let (_, value) = pairs.find(|(held, _)| *held == name)?;
        secrets::from_hex(value).map(Self)
    }

    /// Gives it to the browser, or more time to one that has it.
    pub(super) fn keep(&self, app: &App) -> Option<HeaderValue> {
        let secure = if is_https(app) { "; Secure" } else { "" };
        let (name, value) = (name(app), secrets::to_hex(&self.0));
        let cookie = format!("{name}={value}; Path=/; Max-Age={JOINING_SECONDS}; HttpOnly; SameSite=Strict{secure}");
        HeaderValue::from_str(&cookie).ok()
    }

    /// What a form must bring to be one of ours: it is for this browser, this invitation and this step.
    pub(super) fn seal(&self, code: &str, step: &str) -> String {
        secrets::to_hex(&self.derive(&[b"form", code.as_bytes(), step.as_bytes()]))
    }

    pub(super) fn sealed(&self, code: &str, step: &str, seal: &str) -> bool {
        secrets::same(self.seal(code, step).as_bytes(), seal.as_bytes())
    }

    /// The attempt of a form: the same for the same address, so that a second press sends no second code.
    pub(super) fn attempt(&self, code: &str, nonce: Uuid, typed: &str) -> AttemptId {
        let address = address::fold(typed).unwrap_or_default();
        AttemptId(self.id(&[b"attempt", code.as_bytes(), nonce.as_bytes(), address.as_bytes()]))
    }

    /// The secret that proves an attempt.
    pub(super) fn of_attempt(&self, attempt: AttemptId) -> Hash {
        self.derive(&[b"secret", attempt.0.as_bytes()])
    }

    /// The acceptance that an attempt leads to.
    pub(super) fn acceptance(&self, code: &str, attempt: AttemptId) -> RequestId {
        RequestId(self.id(&[b"acceptance", code.as_bytes(), attempt.0.as_bytes()]))
    }

    /// The browser, as a device that is signed in until it has joined.
    pub(super) fn device(&self) -> DeviceId {
        DeviceId(self.id(&[b"device"]))
    }

    fn derive(&self, parts: &[&[u8]]) -> Hash {
        secrets::hmac(&self.0, parts)
    }

    fn id(&self, parts: &[&[u8]]) -> Uuid {
        let hash = self.derive(parts);
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash[..16]);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}

fn is_https(app: &App) -> bool {
    app.url().starts_with("https://")
}

fn name(app: &App) -> &'static str {
    if is_https(app) { NAME_OF_HTTPS } else { NAME }
}
