//! TLS: phones trust the authorities they were given, and speak plain HTTP to no other machine.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_core::{
    Error,
    account::link::{InvitationLink, NotALink},
    transport::{Server, http::HttpOptions, server::NotAServer},
};
use enishi_protocol::{invitations::Fact, membership::Role};
use enishi_server::config::TlsFiles;
use enishi_tests::{Place, TestPhone, TestServer, both_engines, scene::HANAKO, test_phone::Setup, waiting::in_time};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

/// A certificate for this machine, its key, and the authority that vouches for it, as PEM.
fn certificate() -> (String, String, String) {
    let (authority_key, key) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = authority.self_signed(&authority_key).unwrap().pem();
    let here = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
    let signed = here.signed_by(&key, &Issuer::new(authority, authority_key)).unwrap();
    (signed.pem(), key.serialize_pem(), root)
}

both_engines! {
    async fn a_phone_trusts_a_private_authority_only_where_it_was_given(place: Place) {
        let folder = place.new_folder("tls");
        let files = TlsFiles { certificate: folder.join("chain.pem"), key: folder.join("key.pem") };
        let (chain, key, root) = certificate();
        std::fs::write(&files.certificate, chain).unwrap();
        std::fs::write(&files.key, key).unwrap();
        let server = TestServer::start_with(&place, |config| config.tls = Some(files)).await;
        let community = server.community("縁商事", Fact::BirthDate).await;
        server.admit(community, HANAKO, "佐藤 花子", Role::Member).await;

        let stranger = TestPhone::new(&server).await;
        let refused = in_time("a refusal", stranger.client().sign_in(stranger.server(), HANAKO)).await;
        assert_eq!(refused.map(drop), Err(Error::Offline));
        assert_eq!(server.codes(HANAKO), Vec::<String>::new(), "nothing was asked of it");

        let http = HttpOptions { extra_root_pem: Some(root.into_bytes()) };
        let setup = Setup { http, ..Setup::default() };
        let mut phones = Vec::new();
        for _ in 0..2 {
            let mut phone = TestPhone::set_up(&server, setup.clone()).await;
            phone.sign_in(&server, HANAKO).await;
            phone.in_step().await;
            phone.live().await;
            phones.push(phone);
        }
        phones[0].post("鍵のかかった道を通ってきました。");
        phones[1].until("the post", |community| enishi_tests::seen::posts(community).pop()).await;
        let plain: Server = format!("http://{}", stranger.network().address()).parse().unwrap();
        let refused = in_time("a refusal", stranger.client().sign_in(&plain, HANAKO)).await;
        assert_eq!(refused.map(drop), Err(Error::Offline), "and it speaks nothing else");
    }
}

#[test]
fn plain_http_to_another_machine_is_refused_before_anything_is_sent() {
    for address in ["http://alumni.example.jp", "http://192.0.2.7:8600", "http://localhost.example.jp"] {
        assert_eq!(address.parse::<Server>(), Err(NotAServer::NotSecure), "{address}");
        let link = format!("{address}/i/2NANANANANANANANANANANANAN");
        assert_eq!(link.parse::<InvitationLink>(), Err(NotALink::NotSecure), "{link}");
    }
}
