//! Chores that run beside the requests, in every process at once: each takes its work from the database.

pub mod accounts;
pub mod communities;
pub mod forget;
pub mod live;
pub mod mail;
pub mod media;

use crate::{error::Result, http::App, telemetry};
use std::{future::Future, time::Duration};

const MAIL_EVERY: Duration = Duration::from_secs(5);
const MEDIA_EVERY: Duration = Duration::from_mins(2);
const LIVE_EVERY: Duration = Duration::from_secs(2);
const ACCOUNTS_EVERY: Duration = Duration::from_secs(3);
const FORGET_EVERY: Duration = Duration::from_hours(1);
const TIDY_EVERY: Duration = Duration::from_mins(10);
const COUNT_EVERY: Duration = Duration::from_secs(5);

/// Starts all chores; they end when the server closes.
pub fn start(app: &App) {
    every(app, "mail", MAIL_EVERY, |app| async move {
        while mail::deliver(&app).await? > 0 {}
        Ok(())
    });
    every(app, "media", MEDIA_EVERY, |app| async move { media::sweep(&app).await.map(drop) });
    every(app, "live", LIVE_EVERY, |app| async move { live::close_ended(&app).await });
    every(app, "accounts", ACCOUNTS_EVERY, |app| async move { accounts::go_on(&app).await });
    every(app, "communities", TIDY_EVERY, |app| async move { communities::tidy(&app).await });
    every(app, "metrics", COUNT_EVERY, |_| async {
        telemetry::gather();
        Ok(())
    });
    every(app, "forget", FORGET_EVERY, |app| async move { forget::forget(&app).await });
}

fn every<F>(app: &App, chore: &'static str, pause: Duration, work: impl Fn(App) -> F + Send + 'static)
where
    F: Future<Output = Result<()>> + Send + 'static,
{
    let app = app.clone();
    tokio::spawn(async move {
        while !app.closing.is_cancelled() {
            if let Err(error) = work(app.clone()).await {
                tracing::warn!(chore, %error, "a chore failed and is tried again");
            }
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = app.mail_due.notified(), if chore == "mail" => {}
                () = app.media.due.notified(), if chore == "media" => {}
                () = app.closing.cancelled() => break,
            }
        }
    });
}
