//! Hands over what the mail queue holds.

use crate::{
    db::{Connection, Scope},
    error::Result,
    http::App,
    mail::{
        PostError,
        queue::{self, OfEntry, Queued},
    },
    outreach::{log::State, third_party},
};

/// Hands over what is due. Returns how many mails that were.
pub async fn deliver(app: &App) -> Result<usize> {
    let (db, surroundings) = (&app.db, &app.surroundings);
    let due = surroundings.now_us();
    let is_due = db.read(Scope::Accounts, move |conn| queue::is_due(conn, due)).await?;
    if !is_due {
        return Ok(0);
    }
    let taken = db.write(Scope::Accounts, move |conn| queue::take(conn, due)).await?;
    let count = taken.len();
    for mail in taken {
        match mail.of {
            Some(of) => hand_over_once(app, mail, of).await?,
            None => hand_over(app, mail).await?,
        }
    }
    Ok(count)
}

/// To a member: rather twice than never.
async fn hand_over(app: &App, mail: Queued) -> Result<()> {
    let sent = send(app, &mail).await;
    let now_us = app.surroundings.now_us();
    let note = move |conn: &mut dyn Connection| match sent {
        Ok(()) | Err(PostError::Unfit) => queue::done(conn, mail.id),
        Err(_) => queue::failed(conn, now_us, &mail),
    };
    Ok(app.db.write(Scope::Accounts, note).await?)
}

/// To somebody who is no member: rather never than twice.
async fn hand_over_once(app: &App, mail: Queued, of: OfEntry) -> Result<()> {
    let now_us = app.surroundings.now_us();
    if !app.post.is_open().await {
        return Ok(app.db.write(Scope::Accounts, move |conn| queue::failed(conn, now_us, &mail)).await?);
    }
    let (scope, waiting) = (Scope::Community(of.community), mail.clone());
    let release = move |conn: &mut dyn Connection| third_party::release(conn, now_us, &waiting, of);
    if !app.db.write(scope, release).await? {
        return Ok(());
    }
    let sent = send(app, &mail).await;
    let now_us = app.surroundings.now_us();
    let note = move |conn: &mut dyn Connection| match sent {
        Ok(()) => third_party::note(conn, now_us, &mail, of, State::Sent),
        Err(PostError::Unfit) => third_party::note(conn, now_us, &mail, of, State::Withheld),
        // The mail server may have taken it: whoever looks sees that it is not known.
        Err(PostError::Unsure) => Ok(()),
        Err(_) => third_party::put_back(conn, now_us, &mail, of),
    };
    app.db.write(scope, note).await
}

async fn send(app: &App, mail: &Queued) -> std::result::Result<(), PostError> {
    let letter = mail.message.letter(&mail.recipient, mail.language, &app.url());
    let sent = app.post.send(mail.id, &letter).await;
    if let Err(error) = &sent {
        tracing::warn!(mail = %mail.id, %error, "a mail was not handed over");
    }
    sent
}
