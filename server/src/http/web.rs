//! What the pages for people have in common. None has a script, none is kept by a cache, none tells
//! another site where its reader came from, and opening one changes nothing.

use super::{
    App,
    answer::{self, InOwnWords},
    network::Asker,
};
use crate::error::{Error, Result};
use askama::Template;
use axum::{
    body::Body,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
    response::{Html, IntoResponse},
};
use enishi_protocol::Language;
use serde::Deserialize;

/// The language that a page was asked for in.
#[derive(Deserialize)]
pub(super) struct Choice {
    lang: Option<String>,
}

impl Choice {
    /// What the link says, else what the browser asks for.
    pub(super) fn language(&self, headers: &HeaderMap) -> Language {
        self.lang.as_deref().map_or_else(|| answer::language(headers), Language::preferred)
    }
}

/// What a page is asked with.
pub(super) type Asked = (State<App>, Asker, Query<Choice>, HeaderMap);

/// What stands around a page's body.
pub(super) struct Frame {
    pub(super) lang: &'static str,
    pub(super) title: String,
    pub(super) other_lang: &'static str,
    pub(super) other_name: &'static str,
}

impl Frame {
    pub(super) fn new(language: Language, title: impl Into<String>) -> Self {
        let (other_lang, other_name) = match language {
            Language::Ja => ("en", "English"),
            Language::En => ("ja", "日本語"),
        };
        Self { lang: answer::name(language), title: title.into(), other_lang, other_name }
    }
}

/// A page that says something, and may ask for one press.
#[derive(Template)]
#[template(path = "notice.html")]
pub(super) struct Notice {
    pub(super) frame: Frame,
    pub(super) heading: String,
    pub(super) lines: Vec<String>,
    /// Things to copy, with what they are.
    pub(super) facts: Vec<(&'static str, String)>,
    /// A button, and where its press is sent.
    pub(super) press: Option<(&'static str, String)>,
    /// Where else to go.
    pub(super) links: Vec<(&'static str, String)>,
    /// For support.
    pub(super) code: &'static str,
}

impl Notice {
    /// A page that only says something.
    pub(super) fn new(language: Language, title: &str, heading: impl Into<String>, lines: Vec<String>) -> Self {
        Self {
            frame: Frame::new(language, title),
            heading: heading.into(),
            lines,
            facts: Vec::new(),
            press: None,
            links: Vec::new(),
            code: "",
        }
    }
}

/// Sends a page.
pub(super) fn send(page: &impl Template, status: StatusCode, language: Language) -> Result<Response<Body>> {
    let html = page.render().map_err(|error| Error::Internal(error.to_string()))?;
    let mut response = Html(html).into_response();
    *response.status_mut() = status;
    response.extensions_mut().insert(InOwnWords);
    let headers = response.headers_mut();
    for (name, value) in [
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::VARY, "accept-language"),
        (header::CONTENT_LANGUAGE, answer::name(language)),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

/// A page in place of an error, in words for a person.
pub(super) fn in_words(result: Result<Response<Body>>, language: Language) -> Response<Body> {
    let error = match result {
        Ok(response) => return response,
        Err(error) => error,
    };
    let retry_after = error.retry_after();
    let code = error.code();
    let (title, heading) = match language {
        Language::Ja => ("縁", "うまくいきませんでした"),
        Language::En => ("Enishi", "That did not work"),
    };
    let mut notice = Notice::new(language, title, heading, vec![code.message(language).to_owned()]);
    notice.code = code.as_str();
    // Also logs what failed inside.
    let plain = error.into_response();
    let mut response = send(&notice, plain.status(), language).unwrap_or(plain);
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Shows a page that is asked for by another request, so that going back and reloading send nothing again.
pub(super) fn go_to(path: &str) -> Result<Response<Body>> {
    let location = HeaderValue::from_str(path).map_err(|error| Error::Internal(error.to_string()))?;
    let mut response = StatusCode::SEE_OTHER.into_response();
    response.headers_mut().insert(header::LOCATION, location);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
