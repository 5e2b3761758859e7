//! The app in a window, on the device of somebody who has an invitation and has not joined yet.

use super::{company, phone, stop, tell::chapter};
use crate::{Failed, android, bindings, server::Server};
use enishi_protocol::CommunityId;
use std::path::Path;

/// Builds the window, so that what is missing on this machine is told before the story.
pub(super) async fn build() -> Result<(), Failed> {
    if let Some(missing) = bindings::kotlin::missing().await {
        return Err(missing.into());
    }
    println!("アプリを組み立てています / building the app");
    android::build_window().await
}

/// Shows the app until its window is closed or the demo is stopped.
pub(super) async fn open(server: &Server, folder: &Path, community: CommunityId) -> Result<(), Failed> {
    let leaver = company::newcomer();
    let community = community.to_string();
    let whom = ["--community", &community, "--employee-number", &leaver.number];
    let link = server.run([&["invite"], &whom[..]].concat()).await?;
    chapter("アプリを開きます", "The app opens");
    println!("  {} {}  {}", leaver.name.0, leaver.name.1, leaver.birth.format("%Y-%m-%d"));
    println!("  {}  {}", phone::address(&leaver), link.trim());
    println!("  確認の数字はmailboxに届きます / the digits arrive in the mailbox: {}", server.mailbox().display());
    let mut window = android::window(&folder.join("app"), Some(link.trim()))?.spawn()?;
    tokio::select! {
        ended = window.wait() => drop(ended?),
        () = stop::requested() => window.kill().await?,
    }
    Ok(())
}
