//! HTTP as bytes on one kept connection: a client so light that it is the server that is measured.

use crate::Failed;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A connection that makes one call after the other.
pub(super) struct Wire {
    stream: TcpStream,
    head: String,
    buffer: Vec<u8>,
}

impl Wire {
    /// Connects to `http://HOST:PORT`, and will post to `path` with a session's token.
    pub(super) async fn connect(url: &str, path: &str, token: &str) -> Result<Self, Failed> {
        let host = url.strip_prefix("http://").ok_or("only plain HTTP can be measured")?;
        let stream = TcpStream::connect(host).await?;
        stream.set_nodelay(true)?;
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\n\
             content-type: application/json\r\ncontent-length: "
        );
        Ok(Self { stream, head, buffer: Vec::new() })
    }

    /// Sends a request's body.
    pub(super) async fn send(&mut self, body: &[u8]) -> Result<(), Failed> {
        let mut request = format!("{}{}\r\n\r\n", self.head, body.len()).into_bytes();
        request.extend_from_slice(body);
        Ok(self.stream.write_all(&request).await?)
    }

    /// Posts a body and returns the answer's, which must be a success with a length.
    pub(super) async fn call(&mut self, body: &[u8]) -> Result<&[u8], Failed> {
        self.buffer.clear();
        self.send(body).await?;
        let begins = self.head_of_answer().await?;
        let head = std::str::from_utf8(&self.buffer[..begins])?.to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
        let ends = begins + length.ok_or("an answer without a length")?.trim().parse::<usize>()?;
        while self.buffer.len() < ends {
            self.read().await?;
        }
        Ok(&self.buffer[begins..ends])
    }

    /// Waits until the answer has begun with a success; returns where its body begins.
    pub(super) async fn head_of_answer(&mut self) -> Result<usize, Failed> {
        loop {
            if let Some(place) = self.buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                let said = || String::from_utf8_lossy(&self.buffer).into_owned();
                return self.buffer.starts_with(b"HTTP/1.1 200 ").then_some(place + 4).ok_or_else(|| said().into());
            }
            self.read().await?;
        }
    }

    /// Waits until the bytes that came contain `text`, and forgets them.
    pub(super) async fn until(&mut self, text: &[u8]) -> Result<(), Failed> {
        while !self.buffer.windows(text.len()).any(|bytes| bytes == text) {
            self.read().await?;
        }
        self.buffer.clear();
        Ok(())
    }

    async fn read(&mut self) -> Result<(), Failed> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err("the server closed the connection".into()),
            _ => Ok(()),
        }
    }
}
