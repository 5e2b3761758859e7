//! A running server: started in any process, on any port, and stopped without losing a request.

use crate::{
    config::{Config, TlsFiles},
    db::{Database, DbError},
    erasure::{self, ListError},
    http::{App, router, status},
    jobs,
    mail::{Post, PostError},
    media::store::StoreError,
    sealing::file::{self, KeyError},
    surroundings::{RealSurroundings, Surroundings},
    telemetry,
};
use axum::Router;
use axum_server::{
    Handle,
    accept::NoDelayAcceptor,
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use enishi_protocol::ErrorCode;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use std::{
    fs::{File, TryLockError},
    future::Future,
    io,
    net::{SocketAddr, TcpListener},
    path::Path,
    sync::Arc,
    time::Duration,
};
use tokio::task::JoinHandle;

/// How long requests have to finish once the server goes away.
const FAREWELL: Duration = Duration::from_secs(10);

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder cannot be used.
    #[error("the data folder cannot be used: {0}")]
    Folder(io::Error),
    /// Another server works in the data folder.
    #[error("another server runs in this data folder; stop it first / このデータフォルダは別のサーバーが使っています")]
    Busy,
    /// The database cannot be opened.
    #[error("the database cannot be opened: {0}")]
    Database(#[from] DbError),
    /// The list of erasures cannot be used.
    #[error(
        "{0}. Put it back in its place or name that with --erasures; where it is lost for good, begin another with \
         `alumni-server erasures --begin-anew` / 消去の一覧を確かめてください"
    )]
    Erasures(#[from] ListError),
    /// There is no message key, or not the right one.
    #[error(transparent)]
    MessageKey(#[from] KeyError),
    /// Mail cannot be set up.
    #[error("mail cannot be set up: {0}")]
    Mail(#[from] PostError),
    /// The media store cannot be set up.
    #[error(transparent)]
    Media(#[from] StoreError),
    /// The address is taken, or not this machine's.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, io::Error),
    /// Certificate or key cannot be used.
    #[error("the TLS certificate or key cannot be used: {0}")]
    Tls(String),
}

/// A server that runs until [`Running::stop`] or the `shutdown` it was given.
pub struct Running {
    /// The address that it listens on.
    pub address: SocketAddr,
    /// The address of its metrics, where they are served.
    pub metrics: Option<SocketAddr>,
    app: App,
    serving: JoinHandle<io::Result<()>>,
    _lock: Option<File>,
}

impl Running {
    /// What phones call it.
    pub fn url(&self) -> String {
        self.app.url()
    }

    /// What its handlers reach: for tests in the same process.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Asks it to go away: live clients are told to come back, requests finish.
    pub fn close(&self) {
        self.app.closing.cancel();
    }

    /// Waits until it has gone away.
    ///
    /// # Errors
    /// Where serving failed.
    pub async fn stopped(self) -> io::Result<()> {
        self.serving.await.map_err(io::Error::other)?
    }

    /// Asks it to go away and waits until it has.
    ///
    /// # Errors
    /// Where serving failed.
    pub async fn stop(self) -> io::Result<()> {
        self.close();
        self.stopped().await
    }
}

/// Opens the database that a set-up names and brings its schema up to date.
///
/// # Errors
/// [`StartError::Folder`] or [`StartError::Database`].
pub async fn open(config: &Config) -> Result<Database, StartError> {
    if let Some(url) = &config.database_url {
        return Ok(Database::connect_postgres(url).await?);
    }
    std::fs::create_dir_all(&config.data).map_err(StartError::Folder)?;
    Ok(Database::open_sqlite(&config.database_file())?)
}

/// Keeps the data folder for this process until the file is dropped.
///
/// # Errors
/// [`StartError::Busy`] where another server has it.
pub fn lock(data: &Path) -> Result<File, StartError> {
    std::fs::create_dir_all(data).map_err(StartError::Folder)?;
    let file = File::create(data.join("serve.lock")).map_err(StartError::Folder)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StartError::Busy),
        Err(TryLockError::Error(error)) => Err(StartError::Folder(error)),
    }
}

/// Starts a server. It runs until `shutdown` ends, or [`Running::close`] is called.
///
/// # Errors
/// Why it does not start; nothing is left running then.
pub async fn serve(config: Config, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<Running, StartError> {
    serve_in(config, Arc::new(RealSurroundings), shutdown).await
}

/// [`serve`] with a clock and randomness of one's own: for tests that let days pass.
///
/// # Errors
/// As [`serve`].
pub async fn serve_in(
    mut config: Config,
    surroundings: Arc<dyn Surroundings>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<Running, StartError> {
    telemetry::metrics();
    // PostgreSQL serves several processes; a SQLite file has one server.
    let lock = if config.database_url.is_none() { Some(lock(&config.data)?) } else { None };
    let database = open(&config).await?;
    erasure::belongs(&database, &config.erasures_file()).await?;
    let key = file::of(&database, &config.message_key, &RealSurroundings).await?;
    let database = database.with_key(key);
    let post = match &config.mail.smtp_url {
        Some(url) => Post::to_server(&config.mail.sender, url)?,
        None => Post::to_folder(&config.mail.sender, &config.mailbox())?,
    };
    let tls = config.tls.as_ref().map(tls).transpose()?;
    let (listener, address) = listen(config.listen)?;
    config.listen = address;
    let metrics = config.metrics_listen.map(listen).transpose()?;
    let app = App::with(config, database, post, surroundings);
    app.media.open()?;
    jobs::start(&app);
    let metrics_address = metrics.as_ref().map(|(_, address)| *address);
    if let Some((listener, _)) = metrics {
        tokio::spawn(run(listener, None, status::metrics_router(), app.clone()));
    }
    let serving = tokio::spawn(run(listener, tls, router::router(app.clone()), app.clone()));
    let closing = app.closing.clone();
    tokio::spawn(async move {
        tokio::select! {
            () = shutdown => closing.cancel(),
            () = closing.cancelled() => {}
        }
    });
    tracing::info!(%address, "serving");
    Ok(Running { address, metrics: metrics_address, app, serving, _lock: lock })
}

fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |error| StartError::Listen(address, error);
    let listener = TcpListener::bind(address).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

async fn run(listener: TcpListener, tls: Option<RustlsConfig>, routes: Router, app: App) -> io::Result<()> {
    let handle = Handle::new();
    let farewell = handle.clone();
    tokio::spawn(async move {
        app.closing.cancelled().await;
        app.hub.close_all(ErrorCode::ShuttingDown);
        farewell.graceful_shutdown(Some(FAREWELL));
    });
    let service = routes.into_make_service_with_connect_info::<SocketAddr>();
    // What is small goes at once: an event must not wait until the one before it is acknowledged.
    let server = axum_server::from_tcp(listener)?.handle(handle);
    match tls {
        Some(tls) => server.acceptor(RustlsAcceptor::new(tls).acceptor(NoDelayAcceptor)).serve(service).await,
        None => server.acceptor(NoDelayAcceptor).serve(service).await,
    }
}

fn tls(files: &TlsFiles) -> Result<RustlsConfig, StartError> {
    let failed = |error: &dyn std::fmt::Display| StartError::Tls(error.to_string());
    let chain = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| failed(&error))?;
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|error| failed(&error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|error| failed(&error))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(RustlsConfig::from_config(Arc::new(config)))
}

#[cfg(test)]
mod tests {
    use super::serve;
    use crate::{
        config::Config,
        db::testing::folder,
        surroundings::{RealSurroundings, Surroundings},
        testing::{Phone, World},
    };
    use enishi_protocol::{Stream, membership::Role};
    use serde_json::json;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpStream,
    };

    async fn post(running: &super::Running, path: &str, token: &str, body: &str) -> TcpStream {
        let mut socket = TcpStream::connect(running.address).await.unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        socket.write_all(head.as_bytes()).await.unwrap();
        socket
    }

    async fn read_until(socket: &mut TcpStream, text: &str) -> String {
        let mut read = String::new();
        let mut bytes = [0; 4096];
        while !read.contains(text) {
            let count = socket.read(&mut bytes).await.unwrap();
            assert!(count > 0, "the connection ended without {text}: {read}");
            read.push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
        read
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_live_client_hears_of_a_change_and_of_the_servers_going_away() {
        let data = folder();
        let running = serve(Config::in_folder(&data), std::future::pending()).await.unwrap();
        let world = World::new(&running.app().db);
        world.wait_us(RealSurroundings.now_us() - world.clock.now_us());
        let village = world.community().await;
        let (member, _) = village.member("hana@example.jp", "佐藤", Role::Member).await;
        let (token, _) = world.sign_in(&Phone::new(), "hana@example.jp").await;
        let community = village.community;
        let read = move |conn: &mut dyn crate::db::Connection| {
            let row = crate::directory::community(conn, community)?.unwrap();
            Ok::<_, crate::db::DbError>((row, crate::grants::all(conn, community, member)?))
        };
        let (row, grants) = running.app().db.read(village.scope(), read).await.unwrap();
        let stream = json!({ "stream": "community", "grant": grants[&Stream::Community], "cursor": row.version });
        let follow = json!({ "community": community, "era": row.era, "streams": [stream] }).to_string();
        let mut live = post(&running, "/v1/live", &token, &follow).await;
        read_until(&mut live, "text/event-stream").await;
        let write = json!({
            "id": uuid::Uuid::now_v7(), "since": row.version, "kind": "post.write",
            "body": { "stream": "community", "text": "退職しても、縁は続きます" }
        });
        let sync = json!({ "community": community, "era": row.era, "mutations": [write] }).to_string();
        let mut synced = post(&running, "/v1/sync", &token, &sync).await;
        read_until(&mut synced, "200 OK").await;
        assert!(read_until(&mut live, "縁は続きます").await.contains("event: batch"));
        running.close();
        assert!(read_until(&mut live, "shutting_down").await.contains("event: again"));
        drop((live, synced));
        running.stopped().await.unwrap();
        std::fs::remove_dir_all(data).unwrap();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_revoked_session_loses_its_live_connection() {
        let data = folder();
        let running = serve(Config::in_folder(&data), std::future::pending()).await.unwrap();
        let world = World::new(&running.app().db);
        world.wait_us(RealSurroundings.now_us() - world.clock.now_us());
        let village = world.community().await;
        village.member("hana@example.jp", "佐藤", Role::Member).await;
        let (token, _) = world.sign_in(&Phone::new(), "hana@example.jp").await;
        let community = village.community;
        let read = move |conn: &mut dyn crate::db::Connection| crate::directory::community(conn, community);
        let era = running.app().db.read(village.scope(), read).await.unwrap().unwrap().era;
        let follow = json!({ "community": community, "era": era, "streams": [] }).to_string();
        let mut live = post(&running, "/v1/live", &token, &follow).await;
        read_until(&mut live, "text/event-stream").await;
        let session = world.whose(&token).await.unwrap();
        let end = move |conn: &mut dyn crate::db::Connection| {
            crate::accounts::sessions::end_of_device(conn, 1, session.account, session.device)
        };
        running.app().db.write(crate::db::Scope::Accounts, end).await.unwrap();
        assert!(read_until(&mut live, "signed_out").await.contains("event: again"));
        drop(live);
        running.stop().await.unwrap();
        std::fs::remove_dir_all(data).unwrap();
    }
}
