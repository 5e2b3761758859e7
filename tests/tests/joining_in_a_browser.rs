//! Coming in through the pages behind an invitation's link: no app, no script, forms alone.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_protocol::{
    CommunityId, MemberId,
    invitations::Fact,
    membership::{ProfileField, Role},
};
use enishi_server::{db::Scope, values};
use enishi_tests::{Browser, Place, TestPhone, TestServer, both_engines, browser::Page};
use reqwest::StatusCode;

const HANAKO: &str = "hanako@example.jp";

struct Door {
    server: TestServer,
    community: CommunityId,
    owner: MemberId,
    link: String,
}

impl Door {
    async fn at(place: &Place) -> Self {
        let server = TestServer::start(place).await;
        let community = server.community("縁商事", Fact::BirthDate).await;
        let owner = server.admit(community, "jinji@example.jp", "人事 部", Role::Owner).await;
        server.registry(community, &[("A-1", "佐藤 花子", "1980-04-01")]).await;
        let entry = server.entry(community, "A-1").await;
        let link = server.invite(community, owner, Some(entry)).await;
        Self { server, community, owner, link }
    }

    fn path(&self) -> String {
        let at = self.link.find("/i/").unwrap();
        self.link[at..].to_owned()
    }

    /// Opens the link and presses on until the code is asked for.
    async fn asked(&self, browser: &mut Browser, address: &str, lang: &str) -> Page {
        let landing = browser.open(&format!("{}?lang={lang}", self.path())).await;
        let page = browser.open(&landing.link("/join")).await;
        browser.press(&page, &[("address", address)]).await
    }

    /// And until the name is asked for.
    async fn proved(&self, browser: &mut Browser, address: &str) -> Page {
        let before = self.server.codes(address).len();
        let page = self.asked(browser, address, "ja").await;
        let code = self.server.code_after(address, before).await;
        browser.press(&page, &[("digits", &code)]).await
    }

    async fn number(&self, sql: &'static str) -> i64 {
        let read =
            move |conn: &mut dyn enishi_server::db::Connection| Ok(conn.first(sql, values![])?.unwrap().get(0)?);
        self.server.write(Scope::Community(self.community), read).await.unwrap()
    }

    async fn members(&self) -> i64 {
        self.number("SELECT count(*) FROM member WHERE standing = 'active'").await
    }
}

const FILLED: [(&str, &str); 6] = [
    ("family", "佐藤"),
    ("given", "花子"),
    ("department", "第二設計部"),
    ("left_year", "２０２４年"),
    ("fact", "昭和55年4月1日"),
    ("consent", "yes"),
];

both_engines! {
    async fn somebody_joins_by_forms_alone_and_then_needs_only_the_address(place: Place) {
        let door = Door::at(&place).await;
        let mut browser = Browser::new(&door.server);
        let page = door.proved(&mut browser, HANAKO).await;
        page.assert_says(&["3つのうち3つめ", "生年月日", "お預かりするものと、その使いみち"]);
        let done = browser.press(&page, &FILLED).await;
        done.assert_says(&["参加しました", "同じメールアドレスを入れるだけ"]);
        let policy = done.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("form-action 'self'"));
        assert_eq!(door.members().await, 2);
        let open = "SELECT count(*) FROM session WHERE ended_us IS NULL";
        assert_eq!(door.number(open).await, 0, "whoever uses the browser next is not signed in");
        let phone = TestPhone::signed_in(&door.server, HANAKO).await;
        phone.in_step().await;
        let profile = phone.community().own_profile().unwrap();
        assert_eq!(profile.fields[&ProfileField::LeftYear].value, "2024");
        assert_eq!(profile.fields[&ProfileField::Department].value, "第二設計部");
    }

    async fn every_press_may_be_made_twice_and_every_page_opened_again(place: Place) {
        let door = Door::at(&place).await;
        let mut browser = Browser::new(&door.server);
        let landing = browser.open(&door.path()).await;
        let first = browser.open(&landing.link("/join")).await;
        let sent = browser.press_only(&first, &[("address", HANAKO)]).await;
        let again = browser.press_only(&first, &[("address", " Hanako@Example.JP ")]).await;
        assert_eq!(sent.headers["location"], again.headers["location"]);
        let code = door.server.code_after(HANAKO, 0).await;
        let second = browser.open(sent.headers["location"].to_str().unwrap()).await;
        for _ in 0..2 {
            let third = browser.press_only(&second, &[("digits", &code)]).await;
            assert_eq!(third.status, StatusCode::SEE_OTHER);
        }
        let third = browser.open(&second.path).await;
        for _ in 0..2 {
            browser.press(&third, &FILLED).await.assert_says(&["参加しました"]);
        }
        for stale in [&second, &third] {
            browser.open(&stale.path).await.assert_says(&["参加しました"]);
        }
        browser.press(&second, &[("digits", &code)]).await.assert_says(&["参加しました"]);
        assert_eq!(door.server.codes(HANAKO).len(), 1, "one code was mailed");
        assert_eq!(door.number("SELECT used FROM invitation").await, 1);
        assert_eq!(door.members().await, 2);
    }

    async fn what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(place: Place) {
        let door = Door::at(&place).await;
        let mut browser = Browser::new(&door.server);
        let page = browser.open(&format!("{}/join?lang=en", door.path())).await;
        let wrong = browser.press(&page, &[("address", "hanako at example")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        wrong.assert_says(&["value=\"hanako at example\"", "id=\"address-error\"", "aria-invalid=\"true\"", "e-mail address"]);
        let page = door.asked(&mut browser, HANAKO, "en").await;
        let code = door.server.code_after(HANAKO, 0).await;
        let other = if code == "111111" { "222222" } else { "111111" };
        let wrong = browser.press(&page, &[("digits", other)]).await;
        wrong.assert_says(&["id=\"digits-error\"", other, "That is not the code"]);
        let page = browser.press(&wrong, &[("digits", &code)]).await;
        let filled = [("family", " "), ("given", "花子<b>"), ("joined_year", "昔"), ("note", "お久しぶりです")];
        let wrong = browser.press(&page, &filled).await;
        for field in ["family", "joined_year", "consent"] {
            wrong.assert_says(&[&format!("id=\"{field}-error\""), &format!("href=\"#{field}\"")]);
        }
        wrong.assert_says(&["お久しぶりです", "value=\"昔\"", "花子&#60;b&#62;"]);
        let mut filled = FILLED;
        filled[4].1 = "1980-04-02";
        let wrong = browser.press(&wrong, &filled).await;
        wrong.assert_says(&["id=\"fact-error\"", "value=\"1980-04-02\"", "does not match"]);
        assert_eq!(door.members().await, 1);
        browser.press(&wrong, &FILLED).await.assert_says(&["You have joined"]);
    }

    async fn who_brought_somebody_is_told_as_far_as_they_ticked(place: Place) {
        let mut door = Door::at(&place).await;
        let mut browser = Browser::new(&door.server);
        let page = door.proved(&mut browser, HANAKO).await;
        assert!(!page.html.contains("to_inviter"), "who runs the community knows whom it invited");
        let taro = door.server.admit(door.community, "taro@example.jp", "鈴木 太郎", Role::Member).await;
        door.link = door.server.invite(door.community, taro, None).await;
        let mut browser = Browser::new(&door.server);
        let page = door.proved(&mut browser, HANAKO).await;
        page.assert_says(&["name=\"to_inviter\"", "name=\"to_company\""]);
        assert!(!page.html.contains(" checked"), "nothing is agreed to beforehand");
        let wrong = browser.press(&page, &[("family", ""), ("to_inviter", "yes")]).await;
        wrong.assert_says(&["name=\"to_inviter\" value=\"yes\" checked"]);
        let filled = [FILLED.as_slice(), &[("to_inviter", "yes")]].concat();
        browser.press(&wrong, &filled).await.assert_says(&["参加しました"]);
        let phone = TestPhone::signed_in(&door.server, HANAKO).await;
        phone.in_step().await;
        let own = phone.community().referral().unwrap().unwrap();
        assert_eq!((own.inviter, own.to_inviter, own.to_company), (taro, true, false));
    }

    async fn a_form_of_another_browser_and_a_page_of_another_attempt_do_nothing(place: Place) {
        let door = Door::at(&place).await;
        let mut browser = Browser::new(&door.server);
        let landing = browser.open(&door.path()).await;
        let first = browser.open(&landing.link("/join")).await;
        let mut stranger = Browser::new(&door.server);
        let refused = stranger.press(&first, &[("address", HANAKO)]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        refused.assert_says(&["入力したものは残っています", HANAKO]);
        assert_eq!(door.number("SELECT count(*) FROM sign_in_attempt").await, 0, "no code was asked for");
        let third = door.proved(&mut browser, HANAKO).await;
        assert_eq!(stranger.open(&third.path).await.status, StatusCode::GONE);
        assert_eq!(stranger.press(&third, &FILLED).await.status, StatusCode::GONE);
        assert_eq!(door.members().await, 1);
        let mut elsewhere = stranger;
        elsewhere.cookies.clone_from(&browser.cookies);
        let other = door.server.invite(door.community, door.owner, None).await;
        let moved = third.html.replace(&door.path(), &other[other.find("/i/").unwrap()..]);
        let moved = Page { html: moved, ..third.clone() };
        assert_eq!(elsewhere.press(&moved, &FILLED).await.status, StatusCode::GONE, "a seal is for one invitation");
        assert_eq!(door.members().await, 1);
    }

    async fn a_link_forwarded_to_strangers_shows_them_nothing_and_takes_nothing_from_the_right_person(place: Place) {
        let door = Door::at(&place).await;
        for (number, address) in (1..).zip(["one@example.jp", "two@example.jp"]) {
            let mut stranger = Browser::new(&door.server);
            let page = door.proved(&mut stranger, address).await;
            for hidden in ["A-1", "佐藤", "花子", "1980"] {
                assert!(!page.html.contains(hidden), "{hidden} of the entry is shown: {}", page.html);
            }
            let mut guess = FILLED;
            guess[4].1 = "1981-01-01";
            let wrong = stranger.press(&page, &guess).await;
            wrong.assert_says(&["id=\"fact-error\""]);
            guess[4].1 = "";
            stranger.press(&wrong, &guess).await.assert_says(&["確認を待っています"]);
            assert_eq!(door.number("SELECT count(*) FROM join_request").await, number, "the desk sees each");
        }
        let mut browser = Browser::new(&door.server);
        let page = door.proved(&mut browser, HANAKO).await;
        browser.press(&page, &FILLED).await.assert_says(&["参加しました"]);
        assert_eq!(door.members().await, 2);
        let mut late = Browser::new(&door.server);
        late.open(&format!("{}/join", door.path())).await.assert_says(&["すでに使われました"]);
    }
}
