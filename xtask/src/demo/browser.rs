//! A browser without scripts, as small as the demo needs it: it opens pages of the server, keeps its cookie, and
//! sends forms as they stand in the page.

use super::Failed;
use std::fmt::Write as _;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

pub(super) struct Browser {
    host: String,
    cookie: Option<String>,
}

/// A page that is open.
pub(super) struct Page {
    status: u16,
    location: Option<String>,
    pub(super) html: String,
}

impl Browser {
    /// A browser at a server's URL on loopback.
    pub(super) fn at(url: &str) -> Self {
        Self { host: url.trim_start_matches("http://").to_owned(), cookie: None }
    }

    pub(super) async fn open(&mut self, path: &str) -> Result<Page, Failed> {
        self.send("GET", path, "").await
    }

    /// Fills in the page's form and presses its button; the page that this leads to.
    pub(super) async fn press(&mut self, page: &Page, filled: &[(&str, &str)]) -> Result<Page, Failed> {
        let action = between(&page.html, "<form method=\"post\" action=\"", "\"").ok_or("the page has no form")?;
        let mut form = String::new();
        let hidden = page
            .html
            .split("<input type=\"hidden\" name=\"")
            .skip(1)
            .filter_map(|input| Some((input.split('"').next()?.to_owned(), between(input, "value=\"", "\"")?)));
        let filled = filled.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        for (name, value) in hidden.chain(filled) {
            write!(form, "{}{name}={}", if form.is_empty() { "" } else { "&" }, encoded(&value))?;
        }
        let page = self.send("POST", &action, &form).await?;
        match &page.location {
            Some(to) => self.send("GET", &to.clone(), "").await,
            None => Ok(page),
        }
    }

    async fn send(&mut self, method: &str, path: &str, form: &str) -> Result<Page, Failed> {
        let mut request = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", self.host);
        if let Some(cookie) = &self.cookie {
            write!(request, "cookie: {cookie}\r\n")?;
        }
        if method == "POST" {
            write!(request, "content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n", form.len())?;
        }
        let mut stream = TcpStream::connect(&self.host).await?;
        stream.write_all(format!("{request}\r\n{form}").as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        let answer = String::from_utf8(answer)?;
        let (head, html) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
        let header = |name: &str| {
            let mut lines = head.lines().filter_map(|line| line.split_once(": "));
            lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
        };
        if let Some(cookie) = header("set-cookie") {
            self.cookie = cookie.split(';').next().map(str::to_owned);
        }
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or("no status")?;
        Ok(Page { status, location: header("location"), html: html.to_owned() })
    }
}

impl Page {
    /// Fails unless the page says this.
    pub(super) fn says(&self, words: &str) -> Result<(), Failed> {
        if self.html.contains(words) {
            return Ok(());
        }
        Err(format!("a page ({}) does not say {words}: {}", self.status, self.html).into())
    }
}

fn between(text: &str, before: &str, after: &str) -> Option<String> {
    Some(text.split_once(before)?.1.split_once(after)?.0.replace("&amp;", "&"))
}

/// A value as a form carries it.
fn encoded(value: &str) -> String {
    let mut text = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() {
            text.push(char::from(byte));
        } else {
            // Writing to a text never fails.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}
