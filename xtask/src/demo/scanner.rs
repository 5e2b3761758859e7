//! A mail scanner, as many companies have one: it opens every link of every mail before anybody reads it.

use super::{Failed, browser::Browser, server::Server};
use std::collections::BTreeSet;

/// Opens all of them, and returns how many there were.
pub(super) async fn opens_everything(server: &Server, url: &str) -> Result<usize, Failed> {
    let mut paths = BTreeSet::new();
    for mail in server.mails()? {
        for link in mail.split(url).skip(1) {
            paths.insert(link.split(|c: char| c.is_whitespace() || c == '>').next().unwrap_or_default().to_owned());
        }
    }
    for path in &paths {
        Browser::at(url).open(path).await?;
    }
    if paths.is_empty() { Err("no mail has a link".into()) } else { Ok(paths.len()) }
}
