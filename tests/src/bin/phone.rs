//! A phone as a process of its own, to be killed as the system kills: writes posts, says each once it is safe, and
//! keeps itself in step until it dies.
//!
//! `phone FOLDER POSTS`: somebody is signed in in the folder already.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "a part of the tests")]

use enishi_protocol::{Stream, feed::PostKind};
use enishi_tests::phone_process;
use std::env;
use tokio_util::sync::CancellationToken;

#[tokio::main]
async fn main() {
    let mut arguments = env::args().skip(1);
    let folder = arguments.next().expect("a folder");
    let posts: usize = arguments.next().and_then(|posts| posts.parse().ok()).expect("how many posts");
    let client = phone_process::open(folder.as_ref());
    assert_eq!(client.salvaged(), [], "the store is whole");
    let community = client.communities().pop().expect("somebody is in a community");
    println!("{}", phone_process::OPEN);
    for number in 0..posts {
        let text = format!("{number}番目。{}", "いつ止められても。".repeat(20));
        println!("{}", community.write_post(Stream::Community, PostKind::Text, &text, &[]).unwrap());
        // Something goes out while something is written.
        tokio::task::yield_now().await;
    }
    loop {
        if community.sync_now(&CancellationToken::new()).await.is_ok() && community.status().waiting == 0 {
            break;
        }
    }
    assert_eq!(community.needs_attention().unwrap(), []);
    println!("{}", phone_process::IN_STEP);
    std::future::pending::<()>().await;
}
