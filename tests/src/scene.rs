//! A small community with a server, where most stories begin.

use crate::{Place, TestPhone, TestServer};
use enishi_protocol::{CommunityId, invitations::Fact, membership::Role};

/// 花子 and 太郎 have left 縁商事 and are in its community, each with a phone that is in step.
pub struct Scene {
    /// The server.
    pub server: TestServer,
    /// The community.
    pub community: CommunityId,
    /// 佐藤 花子's phone.
    pub hanako: TestPhone,
    /// 鈴木 太郎's phone.
    pub taro: TestPhone,
}

/// 花子's address.
pub const HANAKO: &str = "hanako@example.jp";
/// 太郎's address.
pub const TARO: &str = "taro@example.jp";

impl Scene {
    /// The community on a server in this process.
    pub async fn at(place: &Place) -> Self {
        Self::on(TestServer::start(place).await).await
    }

    /// The community on a server that looks into files.
    pub async fn with_files(place: &Place) -> Self {
        Self::on(TestServer::start_with_files(place).await).await
    }

    /// The community on a server.
    pub async fn on(server: TestServer) -> Self {
        let community = server.community("縁商事", Fact::BirthDate).await;
        server.admit(community, HANAKO, "佐藤 花子", Role::Member).await;
        server.admit(community, TARO, "鈴木 太郎", Role::Member).await;
        let (hanako, taro) = (phone(&server, HANAKO).await, phone(&server, TARO).await);
        hanako.in_step().await;
        Self { server, community, hanako, taro }
    }

    /// Another phone of somebody's, in step: what a phone sees that started empty.
    pub async fn fresh(&self, address: &str) -> TestPhone {
        phone(&self.server, address).await
    }

    /// Brings both phones in step and sees that they show the same, and what fresh phones show.
    pub async fn assert_all_alike(&self) {
        self.taro.in_step().await;
        self.hanako.in_step().await;
        self.taro.in_step().await;
        self.hanako.seen().of_everybody().assert_same(&self.taro.seen().of_everybody());
        self.assert_fresh(&self.hanako, HANAKO).await;
        self.assert_fresh(&self.taro, TARO).await;
    }

    /// Sees that a phone shows what a fresh phone of the same member shows.
    pub async fn assert_fresh(&self, phone: &TestPhone, address: &str) {
        phone.seen().assert_same(&self.fresh(address).await.seen());
    }
}

async fn phone(server: &TestServer, address: &str) -> TestPhone {
    let phone = TestPhone::signed_in(server, address).await;
    phone.in_step().await;
    phone
}
