//! What goes on by itself about accounts: memberships go over once nobody has objected in time, and
//! deleted accounts leave their communities.

use crate::{
    accounts::deletion,
    db::{Connection, Scope},
    error::Result,
    http::App,
    recovery,
};

/// Goes on once.
pub async fn go_on(app: &App) -> Result<()> {
    let now_us = app.surroundings.now_us();
    for place in app.db.read(Scope::Accounts, move |conn| recovery::due(conn, now_us)).await? {
        let step = || {
            let surroundings = app.surroundings.clone();
            let step = move |conn: &mut dyn Connection| recovery::step(conn, &*surroundings, place);
            app.db.write(Scope::Community(place.community), step)
        };
        while step().await? && !app.closing.is_cancelled() {
            app.hub.changed(place.community);
        }
        app.hub.changed(place.community);
        app.mail_due.notify_one();
    }
    for community in deletion::go_on(&app.db, &app.surroundings).await? {
        app.hub.changed(community);
    }
    Ok(())
}
