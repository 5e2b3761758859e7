//! A network between phone and server that does to the next answers what a test says.
//!
//! It speaks TCP, not HTTP: what it cuts or swallows is what a train's network would.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    task::JoinHandle,
};

/// What becomes of one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It arrives.
    None,
    /// The server handles the request; its answer is lost and the connection with it.
    AnswerLost,
    /// The answer ends after so many bytes.
    CutAfter(usize),
    /// A captive portal answers in the server's place; the request never reaches it.
    Portal,
    /// The connection is closed before the request reaches the server.
    RequestLost,
}

/// A proxy on a loopback port of its own. Ends when dropped.
pub struct FaultProxy {
    address: SocketAddr,
    plan: Plan,
    accepting: JoinHandle<()>,
}

#[derive(Clone, Default)]
struct Plan(Arc<Mutex<(VecDeque<Fault>, usize)>>);

impl Plan {
    fn next(&self) -> Fault {
        let mut plan = self.0.lock().unwrap();
        plan.1 += 1;
        plan.0.pop_front().unwrap_or(Fault::None)
    }
}

const PORTAL: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 38\r\nconnection: close\r\n\r\n\
<html><body>Please log in</body></html>";

impl FaultProxy {
    /// A proxy before the server at `server`.
    pub async fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let plan = Plan::default();
        let accepting = tokio::spawn(accept(listener, server, plan.clone()));
        Self { address, plan, accepting }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What becomes of the next answers; those after arrive.
    pub fn plan(&self, faults: impl IntoIterator<Item = Fault>) {
        self.plan.0.lock().unwrap().0 = faults.into_iter().collect();
    }

    /// How many requests have come.
    pub fn requests(&self) -> usize {
        self.plan.0.lock().unwrap().1
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, server: SocketAddr, plan: Plan) {
    while let Ok((phone, _)) = listener.accept().await {
        tokio::spawn(relay(phone, server, plan.clone()));
    }
}

async fn relay(phone: TcpStream, server: SocketAddr, plan: Plan) {
    let Ok(server) = TcpStream::connect(server).await else { return };
    let (mut from_phone, mut to_phone) = phone.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let mut next = read(&mut from_phone).await;
    while let Some(request) = next {
        let fault = plan.next();
        if fault == Fault::RequestLost {
            return;
        }
        if fault == Fault::Portal {
            drop(to_phone.write_all(PORTAL).await);
            return;
        }
        if to_server.write_all(&request).await.is_err() {
            return;
        }
        next = exchange((&mut from_phone, &mut to_server, &mut from_server, &mut to_phone), fault).await;
    }
}

type Ways<'a> = (&'a mut OwnedReadHalf, &'a mut OwnedWriteHalf, &'a mut OwnedReadHalf, &'a mut OwnedWriteHalf);

/// Relays both ways, the answer with a fault. Gives the beginning of the next request: what the phone
/// says after an answer has begun.
async fn exchange((from_phone, to_server, from_server, to_phone): Ways<'_>, fault: Fault) -> Option<Vec<u8>> {
    let mut passed = 0;
    loop {
        tokio::select! {
            biased;
            answer = read(from_server) => {
                let answer = answer?;
                let end = match fault {
                    Fault::AnswerLost => return None,
                    Fault::CutAfter(bytes) => answer.len().min(bytes.saturating_sub(passed)),
                    _ => answer.len(),
                };
                to_phone.write_all(&answer[..end]).await.ok()?;
                if end < answer.len() {
                    return None;
                }
                passed += end;
            }
            said = read(from_phone) => {
                let said = said?;
                if passed > 0 {
                    return Some(said);
                }
                to_server.write_all(&said).await.ok()?;
            }
        }
    }
}

async fn read(from: &mut OwnedReadHalf) -> Option<Vec<u8>> {
    let mut bytes = vec![0; 64 * 1024];
    match from.read(&mut bytes).await {
        Ok(0) | Err(_) => None,
        Ok(length) => {
            bytes.truncate(length);
            Some(bytes)
        }
    }
}
