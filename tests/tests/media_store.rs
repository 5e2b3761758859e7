//! The media store: one suite, kept by the folder and by a real S3-compatible service alike.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use bytes::Bytes;
use enishi_protocol::ErrorCode;
use enishi_server::media::store::MediaStore;
use enishi_tests::{Place, Raw, TestServer, both_engines, pictures, waiting::in_time};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use std::path::Path;
use tokio::{net::TcpListener, task::JoinHandle};

/// An S3-compatible service on loopback that keeps objects in a folder and checks every signature.
struct S3 {
    endpoint: String,
    serving: JoinHandle<()>,
}

const BUCKET: &str = "enishi-media";

impl S3 {
    async fn start(folder: &Path) -> Self {
        std::fs::create_dir_all(folder.join(BUCKET)).unwrap();
        let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder).unwrap());
        builder.set_auth(SimpleAuth::from_single("AKIAENISHI", "the-secret"));
        let service = builder.build();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let service = service.clone();
                tokio::spawn(async move {
                    let server = Builder::new(TokioExecutor::new());
                    drop(server.serve_connection(TokioIo::new(socket), service).await);
                });
            }
        });
        Self { endpoint, serving }
    }

    /// The environment that leads there.
    fn environment(&self, secret: &str) -> Vec<(String, String)> {
        let pairs = [
            ("AWS_ENDPOINT_URL", self.endpoint.as_str()),
            ("AWS_ACCESS_KEY_ID", "AKIAENISHI"),
            ("AWS_SECRET_ACCESS_KEY", secret),
            ("AWS_REGION", "ap-northeast-1"),
            ("HOME", "/nonexistent"),
        ];
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// What every store keeps.
async fn conforms(store: &MediaStore) {
    let (name, other) = ("11111111-1111-4111-8111-111111111111/ab12", "22222222-2222-4222-8222-222222222222/ab12");
    assert_eq!(store.get(name).await.unwrap(), None, "what is not there is none");
    store.remove(name).await.unwrap();
    let large = Bytes::from((0..3_000_000_u32).flat_map(u32::to_le_bytes).collect::<Vec<u8>>());
    store.put(name, large.clone()).await.unwrap();
    assert_eq!(store.get(name).await.unwrap(), Some(large), "12 MB come back as they went");
    store.put(name, Bytes::from_static(b"again")).await.unwrap();
    assert_eq!(store.get(name).await.unwrap(), Some(Bytes::from_static(b"again")), "the last one stays");
    assert_eq!(store.get(other).await.unwrap(), None, "the same file of another community is another");
    let piece = "11111111-1111-4111-8111-111111111111/incoming/7/0000000000-ff";
    store.put(piece, Bytes::from_static(b"piece")).await.unwrap();
    store.put(other, Bytes::new()).await.unwrap();
    store.remove(name).await.unwrap();
    store.remove(name).await.unwrap();
    assert_eq!(store.get(name).await.unwrap(), None);
    assert_eq!(store.get(piece).await.unwrap(), Some(Bytes::from_static(b"piece")));
    assert_eq!(store.get(other).await.unwrap(), Some(Bytes::new()));
    store.remove(piece).await.unwrap();
    store.remove(other).await.unwrap();
    let all = (0..20).map(|number| {
        let (store, name) = (store.clone(), format!("33333333-3333-4333-8333-333333333333/{number}"));
        tokio::spawn(async move {
            store.put(&name, Bytes::from(name.clone())).await.unwrap();
            assert_eq!(store.get(&name).await.unwrap(), Some(Bytes::from(name.clone())));
            store.remove(&name).await.unwrap();
        })
    });
    for one in all.collect::<Vec<_>>() {
        in_time("one of many at once", one).await.unwrap();
    }
}

both_engines! {
    async fn a_folder_is_a_media_store(place: Place) {
        let folder = place.new_folder("media");
        conforms(&MediaStore::in_folder(&folder).unwrap()).await;
        conforms(&MediaStore::open(None, &folder).unwrap()).await;
    }

    async fn an_s3_compatible_service_is_a_media_store_with_a_prefix_and_without(place: Place) {
        let folder = place.new_folder("s3");
        let s3 = S3::start(&folder).await;
        for url in [format!("s3://{BUCKET}"), format!("s3://{BUCKET}/enishi/files")] {
            conforms(&MediaStore::on_s3(&url, s3.environment("the-secret")).unwrap()).await;
        }
        assert!(folder.join(BUCKET).join("enishi").join("files").is_dir(), "it lies under its prefix");
    }

    async fn a_service_that_refuses_or_is_away_is_told_as_one_that_may_answer_later(place: Place) {
        let s3 = S3::start(&place.new_folder("s3")).await;
        let url = format!("s3://{BUCKET}");
        let refused = MediaStore::on_s3(&url, s3.environment("another secret")).unwrap();
        let put = refused.put("a/b", Bytes::from_static(b"x")).await;
        assert_eq!(put.unwrap_err().code(), ErrorCode::TryAgain, "a signature by another secret");
        assert_eq!(refused.get("a/b").await.unwrap_err().code(), ErrorCode::TryAgain);
    }

    async fn a_server_keeps_its_files_on_s3_where_it_is_told_to(place: Place) {
        let folder = place.new_folder("s3");
        let s3 = S3::start(&folder).await;
        let mut server = TestServer::start(&place).await;
        server.stop().await;
        let environment = s3.environment("the-secret");
        server.start_process_with(&environment, &["--media-url", &format!("s3://{BUCKET}/files")]).await;
        let community = server.community("縁商事", enishi_protocol::invitations::Fact::BirthDate).await;
        server.admit(community, "hanako@example.jp", "佐藤 花子", enishi_protocol::membership::Role::Member).await;
        let raw = Raw::signed_in(&server, "hanako@example.jp").await;
        let (_, made) = raw.upload(community, &pictures::photo(64, 48)).await;
        assert!(made.status.is_success(), "{:?}", made.code());
        let stored = folder.join(BUCKET).join("files").join(community.to_string());
        assert!(stored.is_dir());
        let folder = std::fs::read_dir(server.config().media_folder()).unwrap();
        assert_eq!(folder.count(), 0, "nothing is in the folder of a server without it");
    }
}
