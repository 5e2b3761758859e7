//! The HTTP client against whatever may answer: servers, proxies, and what stands in their place.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on says so")]

use enishi_core::transport::{
    Live, Method, Request, Server, Transport, TransportError, Transports,
    http::{Http, HttpOptions},
};
use enishi_protocol::Language;
use futures_util::StreamExt;
use std::{sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
};

/// Answers one call with these bytes, and gives what was asked.
async fn answering(answer: &'static str) -> (Arc<dyn Transport>, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let server: Server = format!("http://{}", listener.local_addr().expect("address")).parse().expect("server");
    let asked = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a call");
        let mut asked = Vec::new();
        while !asked.windows(4).any(|end| end == b"\r\n\r\n") {
            stream.read_buf(&mut asked).await.expect("a request");
        }
        stream.write_all(answer.as_bytes()).await.expect("answered");
        stream.shutdown().await.expect("closed");
        String::from_utf8_lossy(&asked).into_owned()
    });
    (Http::new(&HttpOptions::default()).expect("a client").to(&server), asked)
}

fn request() -> Request {
    Request {
        method: Method::Get,
        path: "/v1/session".into(),
        bearer: Some("secret".into()),
        body: None,
        carries: enishi_core::transport::Content::Json,
        wants: enishi_core::transport::Content::Json,
        language: Language::Ja,
        time_limit: Duration::from_secs(20),
    }
}

#[tokio::test]
async fn a_call_says_who_asks_in_which_language_and_protocol() {
    let answer = "HTTP/1.1 429 Slow\r\ncontent-type: application/json; charset=utf-8\r\nretry-after: 7\r\n\
                  content-length: 2\r\n\r\n{}";
    let (transport, asked) = answering(answer).await;
    let answer = transport.call(request()).await.expect("an answer");
    assert_eq!((answer.status, answer.retry_after, &answer.body[..]), (429, Some(Duration::from_secs(7)), &b"{}"[..]));
    let asked = asked.await.expect("asked").to_ascii_lowercase();
    for line in
        ["get /v1/session ", "enishi-protocol: 1\r\n", "authorization: bearer secret\r\n", "accept-language: ja"]
    {
        assert!(asked.contains(line), "{line} is not in {asked}");
    }
}

#[tokio::test]
async fn what_answers_in_the_servers_place_is_not_believed() {
    for answer in [
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 20\r\n\r\n<html>Hotel!</html>\n",
        "HTTP/1.1 401 No\r\ncontent-type: text/html\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n",
    ] {
        let (transport, _) = answering(answer).await;
        let failed = transport.call(request()).await;
        assert!(matches!(failed, Err(TransportError::NotTheServer(_))), "{answer}: {failed:?}");
    }
    let (transport, _) =
        answering("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{").await;
    assert!(matches!(transport.call(request()).await, Err(TransportError::Unreachable(_))), "it was cut");
}

#[tokio::test]
async fn a_live_stream_is_read_as_it_comes_and_anything_else_is_told_apart() {
    let answer = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\nevent: again\ndata: \"reset\"\n\n";
    let (transport, _) = answering(answer).await;
    let Ok(Live::Open(bytes)) = transport.live(request()).await else { panic!("it is not open") };
    let bytes: Vec<_> = bytes.map(|piece| piece.expect("a piece")).collect().await;
    assert_eq!(bytes.concat(), b"event: again\ndata: \"reset\"\n\n");
    let refused = "HTTP/1.1 401 No\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
    let (transport, _) = answering(refused).await;
    assert!(matches!(transport.live(request()).await, Ok(Live::Answered(answer)) if answer.status == 401));
    let portal = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 0\r\n\r\n";
    let (transport, _) = answering(portal).await;
    assert!(matches!(transport.live(request()).await, Err(TransportError::NotTheServer(_))));
}

#[tokio::test]
async fn where_nothing_listens_it_is_as_if_offline_and_no_secret_is_in_the_words() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let server: Server = format!("http://{}", listener.local_addr().expect("address")).parse().expect("server");
    drop(listener);
    let transport = Http::new(&HttpOptions::default()).expect("a client").to(&server);
    let request = Request { path: "/v1/invitations/SECRETCODE".into(), ..request() };
    assert!(!format!("{request:?}").contains("SECRET"));
    let failed = transport.call(request).await.expect_err("nobody is there");
    assert!(matches!(failed, TransportError::Unreachable(_)) && !failed.to_string().contains("SECRET"), "{failed}");
}
