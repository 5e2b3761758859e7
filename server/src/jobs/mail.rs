//! Hands over what the mail queue holds.

use crate::{
    db::Scope,
    error::Result,
    http::App,
    mail::{PostError, queue},
};

/// Hands over what is due. Returns how many mails that were.
pub async fn deliver(app: &App) -> Result<usize> {
    let (db, post, surroundings) = (&app.db, &app.post, &app.surroundings);
    let due = surroundings.now_us();
    let is_due = db.read(Scope::Accounts, move |conn| queue::is_due(conn, due)).await?;
    if !is_due {
        return Ok(0);
    }
    let taken = db.write(Scope::Accounts, move |conn| queue::take(conn, due)).await?;
    let count = taken.len();
    for mail in taken {
        let letter = mail.message.letter(&mail.recipient, mail.language, &app.url());
        let sent = post.send(mail.id, &letter).await;
        if let Err(error) = &sent {
            tracing::warn!(mail = %mail.id, %error, "a mail was not handed over");
        }
        let now_us = surroundings.now_us();
        db.write(Scope::Accounts, move |conn| match sent {
            Ok(()) | Err(PostError::Unfit) => queue::done(conn, mail.id),
            Err(_) => queue::failed(conn, now_us, &mail),
        })
        .await?;
    }
    Ok(count)
}
