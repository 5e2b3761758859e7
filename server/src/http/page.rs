//! A short page for people, without script: a heading, a few lines, and a button at most.

use super::answer;
use crate::error::{Error, Result};
use askama::Template;
use axum::{
    body::Body,
    http::{HeaderValue, Response, header},
    response::{Html, IntoResponse},
};
use enishi_protocol::Language;

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    lang: &'static str,
    title: &'a str,
    heading: &'a str,
    lines: &'a [&'a str],
    button: Option<&'a str>,
}

/// A page; pressing its button, where it has one, posts to where the page is.
pub(super) fn plain(
    language: Language,
    title: &str,
    heading: &str,
    lines: &[&str],
    button: Option<&str>,
) -> Result<Response<Body>> {
    let lang = answer::name(language);
    let html = Page { lang, title, heading, lines, button }.render();
    let html = html.map_err(|error| Error::Internal(error.to_string()))?;
    let mut response = Html(html).into_response();
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
        (header::CONTENT_LANGUAGE, lang),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}
