//! The way to a server. [`Transport`] carries bytes; [`api`] speaks the words of the protocol over it.
//!
//! What a server says about itself is told apart from what a network does to a call: only an
//! answer that is a server's own may ever sign anybody out or refuse anything.

pub mod api;
pub mod http;
pub mod live;
pub mod server;

pub use server::{NotAServer, Server};

use bytes::Bytes;
use enishi_protocol::Language;
use futures_util::{Stream, future::BoxFuture};
use std::{fmt, pin::Pin, sync::Arc, time::Duration};

/// What a call does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads; changes nothing.
    Get,
    /// Sends something.
    Post,
    /// Puts a part of something where it belongs; again changes nothing.
    Put,
    /// Removes something.
    Delete,
}

/// What a body is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Content {
    /// JSON.
    #[default]
    Json,
    /// A file, or a piece of one.
    File,
}

/// One call to a server.
#[derive(Clone)]
pub struct Request {
    /// What it does.
    pub method: Method,
    /// Where, from the root of the server, beginning with `/`.
    pub path: String,
    /// The session's token, where the call is made by somebody who is signed in.
    pub bearer: Option<String>,
    /// What it carries.
    pub body: Option<Vec<u8>>,
    /// What its body is.
    pub carries: Content,
    /// What its answer is, where the server does as asked; an error is always JSON.
    pub wants: Content,
    /// The language for words in the answer.
    pub language: Language,
    /// How long the whole call may take. A live stream has no such limit.
    pub time_limit: Duration,
}

impl fmt::Debug for Request {
    /// Names no path: a path can carry an invitation's code.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.body.as_ref().map_or(0, Vec::len);
        f.debug_struct("Request").field("method", &self.method).field("body_bytes", &size).finish_non_exhaustive()
    }
}

/// A server's answer.
#[derive(Clone, Debug)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// How long the server asks to wait before another call.
    pub retry_after: Option<Duration>,
    /// When the server says that it answered, in microseconds since 1970 UTC, to the second.
    pub date_us: Option<i64>,
    /// What was asked for, or JSON, or nothing.
    pub body: Bytes,
}

impl Response {
    /// Whether the server did as asked.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// The call did not get an answer of the server's own. All of these mean: as if offline.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// No connection, or it was cut.
    #[error("the server cannot be reached: {0}")]
    Unreachable(String),
    /// Nothing came in time.
    #[error("the server did not answer in time")]
    TimedOut,
    /// Something else answers in the server's place, such as the sign-in page of a hotel's network.
    #[error("what answered is not the server: {0}")]
    NotTheServer(&'static str),
    /// More came than an answer may hold.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
}

/// Bytes of a live stream as they arrive; the end of the stream is the end of the connection.
pub type LiveBytes = Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>>;

/// The answer to a request for a live stream.
pub enum Live {
    /// It is open.
    Open(LiveBytes),
    /// The server answered with something else.
    Answered(Response),
}

/// Carries calls to one server.
#[async_trait::async_trait]
pub trait Transport: Send + Sync {
    /// Makes a call and waits for the whole answer. Dropping the future ends the call.
    async fn call(&self, request: Request) -> Result<Response, TransportError>;

    /// Opens a live stream. Dropping the stream closes it.
    async fn live(&self, request: Request) -> Result<Live, TransportError>;
}

/// Gives the transport to a server. Made once for a client; tests put their own here.
pub trait Transports: Send + Sync {
    /// The transport to that server.
    fn to(&self, server: &Server) -> Arc<dyn Transport>;
}

impl<F: Fn(&Server) -> Arc<dyn Transport> + Send + Sync> Transports for F {
    fn to(&self, server: &Server) -> Arc<dyn Transport> {
        self(server)
    }
}

/// A call in flight.
pub type Call<T> = BoxFuture<'static, Result<T, api::CallError>>;
