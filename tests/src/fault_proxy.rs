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
    sync::watch,
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
    /// The server handles the request; its answer arrives when [`FaultProxy::release`] is called.
    AnswerHeld,
    /// The network repeats the request so many times; the last answer arrives.
    Repeated(usize),
}

/// Where a server is at present; it may come back at another address.
#[derive(Clone, Debug)]
pub struct Target(Arc<Mutex<SocketAddr>>);

impl Target {
    /// A server at this address.
    pub fn new(address: SocketAddr) -> Self {
        Self(Arc::new(Mutex::new(address)))
    }

    /// It is now here.
    pub fn set(&self, address: SocketAddr) {
        *self.0.lock().unwrap() = address;
    }

    /// The address.
    pub fn get(&self) -> SocketAddr {
        *self.0.lock().unwrap()
    }
}

/// A proxy on a loopback port of its own. Ends when dropped.
pub struct FaultProxy {
    address: SocketAddr,
    network: Network,
    accepting: JoinHandle<()>,
}

#[derive(Clone)]
struct Network {
    server: Target,
    plan: Arc<Mutex<Plan>>,
    /// Grows with each cut; false while there is no network.
    cut: watch::Sender<(u64, bool)>,
    /// Grows with each release.
    released: watch::Sender<u64>,
    /// Answers that are held at present.
    held: watch::Sender<usize>,
}

#[derive(Default)]
struct Plan {
    /// How a request must begin to be meant.
    of: String,
    faults: VecDeque<Fault>,
    /// The first line of each request that came.
    requests: Vec<String>,
}

impl Network {
    fn next(&self, request: &[u8]) -> Fault {
        let line = request.split(|byte| *byte == b'\r').next().unwrap_or_default();
        let line = String::from_utf8_lossy(line).into_owned();
        let mut plan = self.plan.lock().unwrap();
        let meant = line.starts_with(&plan.of);
        plan.requests.push(line);
        if meant { plan.faults.pop_front().unwrap_or(Fault::None) } else { Fault::None }
    }
}

const PORTAL: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 38\r\nconnection: close\r\n\r\n\
<html><body>Please log in</body></html>";

impl FaultProxy {
    /// A proxy before the server at `server`.
    pub async fn before(server: SocketAddr) -> Self {
        Self::to(Target::new(server)).await
    }

    /// A proxy before a server wherever it is.
    pub async fn to(server: Target) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let network = Network {
            server,
            plan: Arc::default(),
            cut: watch::Sender::new((0, true)),
            released: watch::Sender::new(0),
            held: watch::Sender::new(0),
        };
        let accepting = tokio::spawn(accept(listener, network.clone()));
        Self { address, network, accepting }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What becomes of the next answers; those after arrive.
    pub fn plan(&self, faults: impl IntoIterator<Item = Fault>) {
        self.plan_for("", faults);
    }

    /// What becomes of the next answers to requests that begin so, as in `POST /v1/sync`; all others
    /// arrive.
    pub fn plan_for(&self, request: &str, faults: impl IntoIterator<Item = Fault>) {
        let mut plan = self.network.plan.lock().unwrap();
        request.clone_into(&mut plan.of);
        plan.faults = faults.into_iter().collect();
    }

    /// Faults of the plan that have not been met yet.
    pub fn left(&self) -> usize {
        self.network.plan.lock().unwrap().faults.len()
    }

    /// How many requests have come.
    pub fn requests(&self) -> usize {
        self.network.plan.lock().unwrap().requests.len()
    }

    /// How many requests have come that begin so.
    pub fn requests_to(&self, request: &str) -> usize {
        let plan = self.network.plan.lock().unwrap();
        plan.requests.iter().filter(|line| line.starts_with(request)).count()
    }

    /// Cuts every connection.
    pub fn cut(&self) {
        self.network.cut.send_modify(|(count, _)| *count += 1);
    }

    /// Takes the network away, with every connection, or brings it back.
    pub fn set_up(&self, up: bool) {
        self.network.cut.send_modify(|cut| *cut = (cut.0 + 1, up));
    }

    /// Waits until an answer is held.
    pub async fn holds_an_answer(&self) {
        let mut held = self.network.held.subscribe();
        crate::waiting::in_time("an answer to be held", held.wait_for(|held| *held > 0)).await.unwrap();
    }

    /// Whether an answer is held.
    pub fn is_holding(&self) -> bool {
        *self.network.held.borrow() > 0
    }

    /// Lets the answers go that are held.
    pub fn release(&self) {
        self.network.released.send_modify(|count| *count += 1);
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.accepting.abort();
        self.set_up(false);
    }
}

async fn accept(listener: TcpListener, network: Network) {
    while let Ok((phone, _)) = listener.accept().await {
        let network = network.clone();
        let (count, up) = *network.cut.borrow();
        if up {
            tokio::spawn(async move {
                let mut cut = network.cut.subscribe();
                tokio::select! {
                    _ = cut.wait_for(|(cuts, _)| *cuts != count) => {}
                    () = relay(phone, &network) => {}
                }
            });
        }
    }
}

async fn relay(phone: TcpStream, network: &Network) {
    let Ok(server) = TcpStream::connect(network.server.get()).await else { return };
    let (mut from_phone, mut to_phone) = phone.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let mut next = read(&mut from_phone).await;
    while let Some(request) = next {
        let fault = network.next(&request);
        if fault == Fault::RequestLost {
            return;
        }
        if fault == Fault::Portal {
            drop(to_phone.write_all(PORTAL).await);
            return;
        }
        if let Fault::Repeated(times) = fault {
            for _ in 1..times {
                repeat(&request, network).await;
            }
        }
        if to_server.write_all(&request).await.is_err() {
            return;
        }
        next = exchange((&mut from_phone, &mut to_server, &mut from_server, &mut to_phone), fault, network).await;
    }
}

/// Sends a request over a connection of its own, and waits until its answer has begun.
async fn repeat(request: &[u8], network: &Network) {
    let Ok(mut server) = TcpStream::connect(network.server.get()).await else { return };
    if server.write_all(request).await.is_ok() {
        drop(server.read(&mut [0; 1024]).await);
    }
}

type Ways<'a> = (&'a mut OwnedReadHalf, &'a mut OwnedWriteHalf, &'a mut OwnedReadHalf, &'a mut OwnedWriteHalf);

/// Relays both ways, the answer with a fault. Gives the beginning of the next request: what the phone
/// says after an answer has begun.
async fn exchange(
    (from_phone, to_server, from_server, to_phone): Ways<'_>,
    fault: Fault,
    network: &Network,
) -> Option<Vec<u8>> {
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
                if fault == Fault::AnswerHeld && passed == 0 {
                    hold(network).await;
                }
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

async fn hold(network: &Network) {
    let mut released = network.released.subscribe();
    network.held.send_modify(|held| *held += 1);
    drop(released.changed().await);
    network.held.send_modify(|held| *held -= 1);
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
