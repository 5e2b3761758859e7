//! A browser without scripts: it opens pages, keeps cookies, and sends forms as they stand in the page.

use crate::{Fault, TestServer, waiting::in_time};
use reqwest::{Client, Method, RequestBuilder, StatusCode, header::HeaderMap, redirect::Policy};
use std::collections::BTreeMap;

/// A browser. A clone is another one that holds the same cookies.
#[derive(Clone)]
pub struct Browser {
    http: Client,
    origin: String,
    /// What it holds.
    pub cookies: BTreeMap<String, String>,
}

/// A page that is open.
#[derive(Clone, Debug)]
pub struct Page {
    /// Where it is.
    pub path: String,
    /// How it was answered.
    pub status: StatusCode,
    /// With these headers.
    pub headers: HeaderMap,
    /// Its text.
    pub html: String,
}

impl Page {
    /// Sees that the page says something.
    pub fn assert_says(&self, words: &[&str]) {
        for word in words {
            assert!(self.html.contains(word), "{word} is not said at {}: {}", self.path, self.html);
        }
    }

    /// The target of the page's first link whose path ends so.
    pub fn link(&self, end: &str) -> String {
        let mut hrefs = self.html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        hrefs.find(|href| href.split('?').next().is_some_and(|path| path.ends_with(end))).unwrap().to_owned()
    }

    /// Where the page's form is sent.
    pub fn action(&self) -> String {
        between(&self.html, "<form method=\"post\" action=\"", "\"").expect("the page has a form")
    }

    /// What the form carries besides what a person fills in.
    pub fn hidden(&self) -> Vec<(String, String)> {
        let inputs = self.html.split("<input type=\"hidden\" name=\"").skip(1);
        let pair = |input: &str| Some((input.split('"').next()?.to_owned(), between(input, "value=\"", "\"")?));
        inputs.filter_map(pair).collect()
    }
}

fn between(text: &str, before: &str, after: &str) -> Option<String> {
    let (_, rest) = text.split_once(before)?;
    Some(rest.split_once(after)?.0.replace("&amp;", "&"))
}

/// What a page's form sends.
fn form(page: &Page, filled: &[(&str, &str)]) -> String {
    let filled = filled.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let fields: Vec<_> = page.hidden().into_iter().chain(filled).collect();
    reqwest::Url::parse_with_params("http://form/", fields).unwrap().query().unwrap_or_default().to_owned()
}

impl Browser {
    /// A browser that holds nothing.
    pub fn new(server: &TestServer) -> Self {
        #[allow(clippy::disallowed_methods, reason = "a browser is no client of ours")]
        let builder = Client::builder().tls_backend_preconfigured(crate::raw::no_tls()).no_proxy();
        let http = builder.redirect(Policy::none()).build().unwrap();
        Self { http, origin: server.url(), cookies: BTreeMap::new() }
    }

    /// Opens a page of the server.
    pub async fn open(&mut self, path: &str) -> Page {
        self.send(Method::GET, path, None).await
    }

    /// Fills in the page's form and presses its button; the page that this leads to.
    pub async fn press(&mut self, page: &Page, filled: &[(&str, &str)]) -> Page {
        let answer = self.press_only(page, filled).await;
        if answer.status != StatusCode::SEE_OTHER {
            return answer;
        }
        let to = answer.headers["location"].to_str().unwrap().to_owned();
        self.open(&to).await
    }

    /// The press alone, without going where it leads.
    pub async fn press_only(&mut self, page: &Page, filled: &[(&str, &str)]) -> Page {
        self.send(Method::POST, &page.action(), Some(form(page, filled))).await
    }

    /// A press that the server takes, and whose answer the network loses.
    pub async fn press_unheard(&mut self, server: &TestServer, page: &Page, filled: &[(&str, &str)]) {
        server.proxy().plan_for("POST ", [Fault::AnswerLost]);
        let request = self.request(Method::POST, &page.action(), Some(form(page, filled)));
        let heard = in_time(page.path.clone(), request.send()).await;
        assert!(heard.is_err() && server.proxy().left() == 0, "{}: {heard:?}", page.path);
    }

    fn request(&self, method: Method, path: &str, form: Option<String>) -> RequestBuilder {
        let mut request = self.http.request(method, format!("{}{path}", self.origin));
        if !self.cookies.is_empty() {
            let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", cookies.join("; "));
        }
        if let Some(form) = form {
            request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
        }
        request
    }

    async fn send(&mut self, method: Method, path: &str, form: Option<String>) -> Page {
        let answer = in_time(path.to_owned(), self.request(method, path, form).send()).await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        let html = String::from_utf8(in_time(path.to_owned(), answer.bytes()).await.unwrap().to_vec()).unwrap();
        for cookie in headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Strict"), "{cookie}");
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        Page { path: path.to_owned(), status, headers, html }
    }
}
