//! Writing to the people of the registry: by mail and by letter, once, and no more to whoever declined.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_protocol::{CommunityId, ErrorCode, invitations::Fact, membership::Role};
use enishi_server::db::{Connection, Scope};
use enishi_tests::{Browser, Place, Raw, TestPhone, TestServer, both_engines, waiting::until};
use reqwest::{Method, StatusCode};
use std::fmt::Write as _;

/// 縁商事 with so many leavers whose addresses are known, and one whose address is not.
struct Company {
    server: TestServer,
    community: CommunityId,
}

fn address(number: usize) -> String {
    format!("leaver{number}@example.com")
}

impl Company {
    async fn on(server: TestServer, leavers: usize) -> Self {
        let community = server.community("縁商事", Fact::BirthDate).await;
        server.admit(community, "jinji@example.jp", "人事 部", Role::Owner).await;
        let company = Self { server, community };
        let mut rows = String::new();
        for number in 0..leavers {
            writeln!(rows, "A-{number},佐藤 {number}子,1980-04-01,2024/03/31,{}", address(number)).unwrap();
        }
        company.import(&format!("{rows}P-1,鈴木 一郎,1950-12-31,2010/03/31,\n")).await;
        company
    }

    async fn import(&self, rows: &str) {
        let file = self.server.place().new_folder("csv").join("leavers.csv");
        std::fs::write(&file, format!("社員番号,氏名,生年月日,退職年月日,メールアドレス\n{rows}")).unwrap();
        self.command(&["registry", "import"], &["--file", file.to_str().unwrap()]).await;
    }

    async fn command(&self, command: &[&str], arguments: &[&str]) -> String {
        let community = self.community.to_string();
        self.server.command(&[command, &["--community", &community], arguments].concat()).await
    }

    async fn mail_all(&self) -> String {
        self.command(&["invite"], &["--mail", "--all-with-address"]).await
    }

    /// The invitations and reminders that an address got.
    fn mails(&self, address: &str) -> Vec<(String, String)> {
        let mails = self.server.letters(address).into_iter();
        mails.filter(|(head, _)| head.contains("List-Unsubscribe:")).collect()
    }

    /// Waits until an address has so many invitations and reminders.
    async fn has(&self, address: &str, mails: usize) {
        until(format!("mail {mails} to {address}"), async || (self.mails(address).len() == mails).then_some(())).await;
    }

    /// What HR sees of an entry.
    async fn listed(&self, number: &str) -> Vec<String> {
        let list = self.command(&["registry", "list"], &[]).await;
        let line = list.lines().find(|line| line.contains(&format!(",{number},"))).unwrap();
        line.split(',').map(str::to_owned).collect()
    }

    async fn progress(&self, number: &str) -> String {
        self.listed(number).await[6].clone()
    }
}

/// The path of a mail's link.
fn path(text: &str, beginning: &str) -> String {
    let at = text.find(beginning).unwrap();
    text[at..].split(['\n', '>', '\r']).next().unwrap().to_owned()
}

both_engines! {
    async fn a_segment_is_invited_and_reminded_once_by_however_many_processes(place: Place) {
        let company = Company::on(TestServer::start(&place).await, 130).await;
        let some = company.command(&["invite"], &["--mail", "--employee-number", "A-7"]).await;
        assert!(some.contains("queued: 1\n"), "{some}");
        let (one, other) = tokio::join!(company.mail_all(), company.mail_all());
        let queued = |said: &str| said.lines().find_map(|line| line.strip_prefix("queued: ")).unwrap().parse::<usize>().unwrap();
        assert_eq!(queued(&one) + queued(&other), 129, "{one}{other}");
        assert!(company.mail_all().await.contains("had it before: 130\n"));
        for number in 0..130 {
            company.has(&address(number), 1).await;
        }
        until("the last to be noted", async || (company.progress("A-0").await == "invited").then_some(())).await;
        let early = company.command(&["remind"], &[]).await;
        assert!(early.contains("queued: 0\n") && early.contains("not due: 130\n"), "{early}");
        let mut reminded = 0;
        for _ in 0..2 {
            let (one, other) = tokio::join!(
                company.command(&["remind"], &["--after-days", "0"]),
                company.command(&["remind"], &["--after-days", "0"])
            );
            reminded += queued(&one) + queued(&other);
        }
        assert_eq!(reminded, 130);
        for number in 0..130 {
            company.has(&address(number), 2).await;
        }
        assert_eq!(company.progress("P-1").await, "none");
        assert!(!company.listed("A-3").await[8].is_empty(), "HR sees that they were reminded");
    }

    async fn a_server_that_is_killed_while_it_mails_sends_nobody_a_second_one(place: Place) {
        const LEAVERS: usize = 90;
        let mut company = Company::on(TestServer::start_process(&place).await, LEAVERS).await;
        company.mail_all().await;
        let sent = |company: &Company| (0..LEAVERS).filter(|number| !company.mails(&address(*number)).is_empty()).count();
        for wanted in [5, 25, 60] {
            until(format!("{wanted} mails"), async || (sent(&company) >= wanted).then_some(())).await;
            company.server.kill().await;
            company.server.start_process_again().await;
            // As if the minute had passed that the killed one had to hand over what it took.
            let due = |conn: &mut dyn Connection| Ok(conn.execute("UPDATE mail SET due_us = 0", &[])?);
            company.server.write(Scope::Accounts, due).await.unwrap();
            company.mail_all().await;
        }
        let settled = until("every mail to be out, or known as unclear", async || {
            let list = company.command(&["registry", "list"], &["--all-with-address"]).await;
            (!list.contains(",queued,")).then_some(list)
        })
        .await;
        let unclear = settled.matches(",unclear,").count();
        assert!(unclear <= 3, "one at most for each time it was killed: {unclear}");
        let mails: Vec<usize> = (0..LEAVERS).map(|number| company.mails(&address(number)).len()).collect();
        assert!(mails.iter().all(|count| *count <= 1), "{mails:?}");
        assert!(mails.iter().sum::<usize>() + unclear >= LEAVERS, "{mails:?} and {unclear} unclear");
    }

    async fn declining_is_a_press_or_one_post_of_a_mail_program_and_ends_the_mail(place: Place) {
        let company = Company::on(TestServer::start(&place).await, 2).await;
        company.mail_all().await;
        company.has(&address(0), 1).await;
        company.has(&address(1), 1).await;
        let (head, text) = company.mails(&address(0)).remove(0);
        assert!(head.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{head}");
        let header = path(&head, "/decline/");
        assert_eq!(header, path(&text, "/decline/"));
        let mut browser = Browser::new(&company.server);
        for (lang, words) in [("ja", "断って、案内を止める"), ("en", "Decline, and stop the mail")] {
            let page = browser.open(&format!("{header}?lang={lang}")).await;
            page.assert_says(&[words]);
            assert!(page.headers["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
        }
        assert_eq!(company.progress("A-0").await, "invited", "opening it changed nothing");
        let page = browser.open(&header).await;
        for _ in 0..2 {
            browser.press(&page, &[]).await.assert_says(&["案内を止めました", "届くことはもうありません"]);
        }
        browser.open(&header).await.assert_says(&["案内を止めました"]);
        // A mail program: no cookie, no page read, a form of its own.
        let (head, text) = company.mails(&address(1)).remove(0);
        let anybody = Raw::nobody(&company.server);
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let answer = anybody.call(Method::POST, &path(&head, "/decline/"), &form, b"List-Unsubscribe=One-Click".to_vec()).await;
        assert_eq!(answer.status, StatusCode::OK);
        for number in ["A-0", "A-1"] {
            assert_eq!(company.progress(number).await, "declined");
        }
        let list = company.command(&["suppress", "list"], &[]).await;
        assert_eq!(list.matches("declined,").count(), 4, "{list}");
        assert!(company.command(&["remind"], &["--after-days", "0"]).await.contains("suppressed: 2\n"));
        // The registry is brought in again, with the addresses changed about.
        company.import(&format!("A-0,佐藤 0子,1980-04-01,2024/03/31,{}\nA-9,佐藤 九子,1981-04-01,2024/03/31,{}\n", address(5), address(1))).await;
        let said = company.mail_all().await;
        assert!(said.contains("suppressed: 3\n") && said.contains("queued: 0\n"), "{said}");
        // Whoever changes their mind joins by the same invitation.
        let phone = TestPhone::signed_in(&company.server, &address(1)).await;
        let code = path(&text, "/i/")[3..].to_owned();
        let joined = phone.join(&format!("{}/i/{code}", company.server.url()), "佐藤 1子", Some("1980-04-01")).await.unwrap();
        assert!(!joined.waiting);
        assert_eq!(company.progress("A-1").await, "joined");
        let unknown = browser.open("/decline/00000000000000000000000000").await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    }

    async fn those_who_keep_the_list_put_people_on_it_and_take_them_off(place: Place) {
        let company = Company::on(TestServer::start(&place).await, 3).await;
        let add = async |arguments: &[&str]| company.command(&["suppress", "add"], arguments).await;
        add(&["--employee-number", "A-0", "--reason", "deceased"]).await;
        add(&["--address", &address(1).to_uppercase(), "--reason", "objected"]).await;
        assert_eq!((company.progress("A-0").await, company.progress("A-1").await), ("deceased".into(), "objected".into()));
        let said = company.mail_all().await;
        assert!(said.contains("queued: 1\n") && said.contains("suppressed: 2\n"), "{said}");
        let removed = company.command(&["suppress", "remove"], &["--address", &address(1)]).await;
        assert_eq!(removed.trim(), "removed");
        assert!(company.mail_all().await.contains("queued: 1\n"));
        company.has(&address(1), 1).await;
        assert_eq!(company.mails(&address(0)), []);
        // Nothing of an address can be read from the list itself.
        let kept = company.server.everything(company.community).await;
        assert!(!kept["suppressed"].is_empty() && !format!("{:?}", kept["suppressed"]).contains("example.com"));
    }

    async fn a_letter_is_printed_once_and_its_code_typed_by_hand_opens_with_the_fact_alone(place: Place) {
        let company = Company::on(TestServer::start(&place).await, 1).await;
        company.command(&["suppress", "add"], &["--employee-number", "A-0", "--reason", "objected"]).await;
        let folder = company.server.place().new_folder("letters");
        let letters = async |language: &str| {
            let folder = folder.to_str().unwrap();
            company.command(&["invite"], &["--letter", "--left-from", "2000-01-01", "--to", folder, "--language", language, "--days", "60"]).await
        };
        let said = letters("ja").await;
        assert!(said.ends_with("letters: 1, left out: 1\n"), "{said}");
        assert!(letters("ja").await.ends_with("letters: 0, left out: 1\n"), "what is there is left as it is");
        let html = std::fs::read_to_string(folder.join("P-1.html")).unwrap();
        for word in ["鈴木 一郎 様", "縁商事", "人事 部", "生年月日", "<svg"] {
            assert!(html.contains(word), "{word}");
        }
        assert!(!html.contains("1950"), "the fact is not in the letter");
        let typed = html.split("<dd class=\"code\">").nth(1).unwrap()[..14].to_lowercase();
        assert!(typed.chars().filter(|character| *character == '-').count() == 2, "{typed}");
        assert_eq!(company.progress("P-1").await, "invited");
        let mut browser = Browser::new(&company.server);
        browser.open(&format!("/i/{typed}")).await.assert_says(&["縁商事", "案内を断る"]);
        let phone = TestPhone::signed_in(&company.server, "ichiro@example.jp").await;
        let link = format!("{}/i/{typed}", company.server.url());
        let wrong = phone.join(&link, "鈴木 一郎", Some("1951-12-31")).await;
        assert_eq!(wrong, Err(enishi_core::Error::Rejected { code: ErrorCode::FactWrong }));
        assert!(!phone.join(&link, "鈴木 一郎", Some("昭和25年12月31日")).await.unwrap().waiting);
        assert_eq!(company.progress("P-1").await, "joined");
    }
}
