//! Whoever opens every link, as mail scanners and previews do, changes nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_protocol::{account::RecoveryState, invitations::Fact, membership::Role};
use enishi_server::http::openapi;
use enishi_tests::{Browser, Place, Raw, TestPhone, TestServer, both_engines, people, waiting::until};
use reqwest::{Method, StatusCode};
use std::collections::{BTreeMap, BTreeSet};

/// The paths of a text's links into the server.
fn links(text: &str, origin: &str) -> Vec<String> {
    let absolute = text.split(origin).skip(1);
    let relative = text.split("href=\"").skip(1);
    let ends = ['"', '<', '>', '\n', '\r', ' ', '\\'];
    let paths = absolute.chain(relative).filter_map(|rest| rest.split(ends).next());
    paths.filter(|path| path.starts_with('/')).map(|path| path.replace("&amp;", "&")).collect()
}

/// What the document says can be read by anybody: path templates with their first segments.
fn public_reads() -> BTreeMap<String, String> {
    let document = serde_json::to_value(openapi::document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let reads = paths.iter().filter(|(_, methods)| methods["get"]["tags"][0] == "public");
    reads.map(|(path, methods)| (methods["get"]["operationId"].as_str().unwrap().to_owned(), path.clone())).collect()
}

/// Whether a path is one of a template.
fn fits(template: &str, path: &str) -> bool {
    let path = path.split('?').next().unwrap();
    let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len()
        && template.iter().zip(path).all(|(part, given)| part.starts_with('{') || *part == given)
}

both_engines! {
    async fn a_scanner_that_opens_every_link_changes_nothing_in_the_whole_database(place: Place) {
        let server = TestServer::start(&place).await;
        let community = server.community("縁商事", Fact::BirthDate).await;
        let owner = server.admit(community, "jinji@example.jp", "人事 部", Role::Owner).await;
        server.admit(community, "jiro@example.jp", "高橋 次郎", Role::Member).await;
        let file = server.place().new_folder("csv").join("leavers.csv");
        let rows = "A-1,佐藤 花子,1980-04-01,2024/03/31,hanako@example.com\nP-1,鈴木 一郎,1950-12-31,2010/03/31,\n";
        std::fs::write(&file, format!("社員番号,氏名,生年月日,退職年月日,メールアドレス\n{rows}")).unwrap();
        let id = community.to_string();
        server.command(&["registry", "import", "--community", &id, "--file", file.to_str().unwrap()]).await;
        // A mail, a letter, a link, somebody half way through joining, a recovery that can be stopped, a new phone.
        server.command(&["invite", "--community", &id, "--mail", "--all-with-address"]).await;
        let folder = server.place().new_folder("letters");
        let to = ["--letter", "--employee-number", "P-1", "--to", folder.to_str().unwrap()];
        server.command(&[["invite", "--community", &id].as_slice(), &to].concat()).await;
        let link = server.invite(community, owner, None).await;
        let mut browser = Browser::new(&server);
        let page = browser.open(&format!("{}/join", &link[link.find("/i/").unwrap()..])).await;
        let half_way = browser.press_only(&page, &[("address", "saburo@example.jp")]).await;
        assert_eq!(half_way.status, StatusCode::SEE_OTHER);
        let mut desk = TestPhone::signed_in(&server, "jinji@example.jp").await;
        desk.in_step().await;
        let mut lost = TestPhone::signed_in(&server, "jiro@example.org").await;
        let who = enishi_core::client::Joining { name: people::name("高橋 次郎"), ..Default::default() };
        let asked = lost.client().ask_for_recovery(lost.account(), link.rsplit('/').next().unwrap(), &who).await.unwrap();
        assert_eq!(asked.state, RecoveryState::Asked);
        desk.in_step().await;
        let wish = desk.community().recoveries().unwrap().remove(0);
        desk.community().support_recovery(wish.id, wish.recovery.member.unwrap()).unwrap();
        desk.in_step().await;
        let mut new = TestPhone::new(&server).await;
        let approval = new.client().ask_for_approval(new.server()).await.unwrap();
        for phone in [&mut desk, &mut lost, &mut new] {
            phone.kill().await;
        }

        let mail = until("the invitation by mail", async || server.letters("hanako@example.com").pop()).await;
        let stop = server.mail_that_says("jiro@example.jp", "/stop/").await;
        let letter = std::fs::read_to_string(folder.join("P-1.html")).unwrap();
        let code = &letter.split("<dd class=\"code\">").nth(1).unwrap()[..14];
        let mut waiting = vec![
            half_way.headers["location"].to_str().unwrap().to_owned(),
            format!("/i/{code}"),
            format!("/decline/{code}"),
            format!("/i/{code}/join"),
            "/healthz".to_owned(),
            "/readyz".to_owned(),
            "/v1/openapi.json".to_owned(),
            "/.well-known/assetlinks.json".to_owned(),
        ];
        for text in [mail.0, mail.1, stop, link, approval.link] {
            waiting.extend(links(&text, &server.url()));
        }
        let before = server.everything(community).await;
        let scanner = Raw::nobody(&server);
        let mut seen = BTreeSet::new();
        while let Some(path) = waiting.pop() {
            if !seen.insert(path.clone()) {
                continue;
            }
            for _ in 0..2 {
                scanner.call(Method::HEAD, &path, &[], Vec::new()).await;
                let answer = scanner.call(Method::GET, &path, &[("cookie", "enishi-join=00")], Vec::new()).await;
                if let Some(code) = path.strip_prefix("/i/").and_then(|rest| rest.split(['/', '?']).next()) {
                    waiting.push(format!("/v1/invitations/{code}"));
                }
                let text = String::from_utf8_lossy(&answer.bytes).into_owned();
                assert!(!answer.status.is_server_error(), "{path}: {text}");
                if text.contains("<html") {
                    let here = path.split('?').next().unwrap();
                    waiting.extend(links(&text, &server.url()));
                    waiting.extend(["ja", "en"].map(|lang| format!("{here}?lang={lang}")));
                }
            }
        }
        let after = server.everything(community).await;
        for (table, rows) in &before {
            assert_eq!(rows, &after[table], "{table} changed");
        }
        for (name, template) in public_reads() {
            assert!(seen.iter().any(|path| fits(&template, path)), "{name} was not opened: {seen:#?}");
        }
    }
}
