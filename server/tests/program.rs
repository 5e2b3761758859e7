//! The program itself: started, asked, killed gently, and what it leaves in its logs.

#![allow(clippy::unwrap_used, reason = "what a test cannot do is a failure of the test")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_alumni-server"));
    command.env("LANG", "en_US.UTF-8").env("RUST_LOG", "trace");
    command
}

fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("enishi-program-{}", uuid::Uuid::new_v4()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn run(data: &Path, words: &[&str]) -> Output {
    let output = program().args(words).arg("--data").arg(data).output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

fn line(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).lines().next().unwrap_or_default().to_owned()
}

fn community(data: &Path) -> String {
    let words = ["community", "create", "--name", "Canary Trading", "--owner-address", "hr.canary@example.jp"];
    line(&run(data, &[words.as_slice(), &["--owner-name", "Canary 花子"]].concat()))
}

struct Served {
    child: Child,
    address: String,
}

fn serve(data: &Path) -> Served {
    let mut command = program();
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut url = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
    let address = url.trim().strip_prefix("http://").unwrap_or_else(|| panic!("no URL but {url:?}")).to_owned();
    Served { child, address }
}

impl Served {
    fn ask(&self, head: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        write!(stream, "{head} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n").unwrap();
        write!(stream, "authorization: Bearer canarytoken\r\n\r\n{body}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Ends it as an operator would; gives its logs.
    fn terminate(mut self) -> String {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let mut logs = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut logs).unwrap();
        assert!(self.child.wait().unwrap().success());
        logs
    }
}

#[test]
fn logs_hold_nothing_about_a_person_even_at_their_loudest() {
    let data = folder();
    let id = community(&data);
    let link = line(&run(&data, &["invite", "--community", &id]));
    let code = link.rsplit('/').next().unwrap();
    let served = serve(&data);
    let attempt = uuid::Uuid::new_v4();
    let start = format!(
        r#"{{"attempt":"{attempt}","secret_hash":"{}","address":"canary.person@example.jp","language":"ja"}}"#,
        "0".repeat(64)
    );
    assert!(served.ask("POST /v1/sign-in", &start).starts_with("HTTP/1.1 200"));
    let guess = r#"{"secret":"canarysecret","code":"123456","device":"7","device_name":"canary phone"}"#;
    served.ask(&format!("POST /v1/sign-in/{attempt}/code"), guess);
    assert!(served.ask(&format!("GET /i/{code}"), "").contains("Canary Trading"));
    assert!(served.ask("GET /v1/session?q=canaryquery", "").starts_with("HTTP/1.1 401"));
    let mailbox = data.join("mail");
    let mailed = || std::fs::read_dir(&mailbox).is_ok_and(|mut files| files.any(|file| file.is_ok()));
    let begun = std::time::Instant::now();
    while !mailed() && begun.elapsed().as_secs() < 30 {
        std::thread::yield_now();
    }
    assert!(mailed(), "the code was not mailed");
    let logs = served.terminate();
    assert!(logs.contains("\"route\":\"/v1/sign-in\""), "{logs}");
    for secret in ["canary", "Canary", code, "花子"] {
        let found = logs.lines().find(|line| line.contains(secret));
        assert_eq!(found, None, "{secret} is in the logs");
    }
    std::fs::remove_dir_all(data).unwrap();
}

#[test]
fn a_second_server_in_one_folder_is_refused_clearly() {
    let data = folder();
    let served = serve(&data);
    let mut second = program();
    second.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(&data);
    let mut second = second.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut url = String::new();
    BufReader::new(second.stdout.take().unwrap()).read_line(&mut url).unwrap();
    second.kill().unwrap_or_default();
    let second = second.wait_with_output().unwrap();
    assert_eq!(url, "", "it serves nobody");
    assert!(!second.status.success());
    assert!(String::from_utf8_lossy(&second.stderr).contains("another server runs in this data folder"));
    served.terminate();
    std::fs::remove_dir_all(data).unwrap();
}

#[test]
fn a_backup_is_made_while_the_server_runs() {
    let data = folder();
    let id = community(&data);
    let served = serve(&data);
    let copy = data.join("copy");
    std::fs::create_dir_all(&copy).unwrap();
    let file = copy.join("enishi.db");
    run(&data, &["backup", "--to", file.to_str().unwrap()]);
    let twice = program().args(["backup", "--to"]).arg(&file).arg("--data").arg(&data).output().unwrap();
    assert!(!twice.status.success(), "an earlier backup is not written over");
    assert!(line(&run(&copy, &["community", "list"])).starts_with(&id));
    served.terminate();
    std::fs::remove_dir_all(data).unwrap();
}

#[test]
fn a_file_of_leavers_is_brought_in_once_and_its_bad_rows_are_told_by_line() {
    let data = folder();
    let id = community(&data);
    let text = "社員番号,氏名,生年月日,退職年月日,備考,給与\r\n\
        17-00001,髙橋　﨑子,昭和60年4月8日,2020/03/31,\"①面談済\r\n②返却済\",1\r\n\
        17-00002,,1990/1/1,2021/3/31,,2\r\n\
        １７－０００３,鈴木　一郎,1991/13/1,2021/3/31,,3\r\n\
        17-00001,田中　拓真,1980/1/1,2021/3/31,,4\r\n\
        17-00004,佐藤　花子,1980/1/1,,,5\r\n\
        17-00005,佐藤　花子,1980/1/1,2021/3/31\r\n";
    let file = data.join("leavers.csv");
    std::fs::write(&file, encoding_rs::SHIFT_JIS.encode(text).0).unwrap();
    let words = ["registry", "import", "--community", &id, "--file", file.to_str().unwrap()];
    let dry = String::from_utf8(run(&data, &[words.as_slice(), &["--dry-run"]].concat()).stdout).unwrap();
    for told in [
        "encoding CP932",
        "left out: column 給与",
        "line 4: the name is missing",
        "line 5: BirthDate is not a date",
        "line 6: the same person as on line 2",
        "line 7: the leaving date is missing",
        "line 8: the number of cells differs",
        "added 1, changed 0, same 0, refused 5 (dry run)",
    ] {
        assert!(dry.contains(told), "{told}: {dry}");
    }
    let first = String::from_utf8(run(&data, &words).stdout).unwrap();
    assert!(first.contains("added 1, changed 0, same 0"), "a dry run has changed nothing: {first}");
    let second = String::from_utf8(run(&data, &words).stdout).unwrap();
    assert!(second.contains("added 0, changed 0, same 1"), "{second}");
    std::fs::remove_dir_all(data).unwrap();
}

#[test]
fn a_restore_begins_a_new_era_and_says_what_is_missing() {
    let data = folder();
    let id = community(&data);
    let file = data.join("backup.db");
    run(&data, &["backup", "--to", file.to_str().unwrap()]);
    let later = community(&data);
    let era = |id: &str| -> Vec<u8> {
        let database = rusqlite::Connection::open(data.join("enishi.db")).unwrap();
        let id: uuid::Uuid = id.parse().unwrap();
        let row =
            database.query_row("SELECT era FROM community WHERE id = ?1", [id.as_bytes().as_slice()], |row| row.get(0));
        row.unwrap_or_default()
    };
    let before = era(&id);
    let served = serve(&data);
    let busy = program().args(["restore", "--from"]).arg(&file).arg("--data").arg(&data).output().unwrap();
    assert!(!busy.status.success(), "not under a running server");
    served.terminate();
    let told = line(&run(&data, &["restore", "--from", file.to_str().unwrap()]));
    assert!(told.starts_with("acknowledged writes since 20"), "{told}");
    assert!(!before.is_empty() && era(&id) != before);
    assert!(era(&later).is_empty(), "what came after the backup is gone");
    let aside = std::fs::read_dir(&data).unwrap().filter_map(Result::ok);
    let aside = aside.filter(|file| file.file_name().to_string_lossy().contains("before-restore")).count();
    assert!(aside >= 1, "what was there is set aside");
    let text = data.join("text");
    std::fs::write(&text, "not a database").unwrap();
    let wrong = program().args(["restore", "--from"]).arg(&text).arg("--data").arg(&data).output().unwrap();
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("is not a backup"));
    assert!(line(&run(&data, &["community", "list"])).starts_with(&id), "nothing was replaced");
    std::fs::remove_dir_all(data).unwrap();
}

#[test]
fn an_erasure_survives_a_restore_and_a_restore_without_the_list_is_refused() {
    let data = folder();
    let id = community(&data);
    let file = data.join("backup.db");
    let served = serve(&data);
    served.terminate();
    run(&data, &["backup", "--to", file.to_str().unwrap()]);
    let members = |data: &Path| -> Vec<String> {
        let database = rusqlite::Connection::open(data.join("enishi.db")).unwrap();
        let mut statement = database.prepare("SELECT id FROM member").unwrap();
        let ids = statement.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
        ids.map(|id| uuid::Uuid::from_slice(&id.unwrap()).unwrap().to_string()).collect()
    };
    let owner = members(&data).remove(0);
    let unknown =
        program().args(["erase", "--community", &id, "--post", &owner, "--data"]).arg(&data).output().unwrap();
    assert!(!unknown.status.success(), "no post bears this id");
    assert_eq!(line(&run(&data, &["erase", "--community", &id, "--member", &owner])), "erased");
    assert_eq!(line(&run(&data, &["erase", "--community", &id, "--member", &owner])), "erased", "once more");
    assert_eq!(members(&data), Vec::<String>::new());
    assert!(line(&run(&data, &["erasures"])).starts_with("1\t"));
    let restore = ["restore", "--from", file.to_str().unwrap()];
    run(&data, &restore);
    assert_eq!(members(&data), Vec::<String>::new(), "the backup had it, and it is erased again");

    let (list, aside) = (data.join("erasures.list"), data.join("aside"));
    // As a crash leaves it between the database's commit and the list.
    let text = std::fs::read_to_string(&list).unwrap();
    std::fs::write(&list, text.lines().next().unwrap().to_owned() + "\n").unwrap();
    let database = rusqlite::Connection::open(data.join("enishi.db")).unwrap();
    database.execute("UPDATE erased SET listed = 0", []).unwrap();
    drop(database);
    run(&data, &restore);
    assert_eq!(members(&data), Vec::<String>::new(), "the database that was replaced knew of it");
    assert!(line(&run(&data, &["erasures"])).starts_with("1\t"));

    std::fs::rename(&list, &aside).unwrap();
    for words in [&restore[..], &["serve", "--listen", "127.0.0.1:0"], &["erasures"]] {
        let refused = program().args(words).arg("--data").arg(&data).output().unwrap();
        assert!(!refused.status.success(), "{words:?}");
        assert!(String::from_utf8_lossy(&refused.stderr).contains("list of erasures"), "{words:?}");
    }
    assert_eq!(members(&data), Vec::<String>::new(), "nothing was replaced");
    run(&data, &[&restore[..], &["--without-erasures"]].concat());
    assert_eq!(members(&data), std::slice::from_ref(&owner), "that is what was accepted");
    assert!(line(&run(&data, &["erasures"])).starts_with("0\t"), "a new list");
    let refused = program().args(restore).arg("--data").arg(&data).output().unwrap();
    assert!(String::from_utf8_lossy(&refused.stderr).contains("another database"), "the backup's list is another");
    assert_eq!(members(&data), [owner], "nothing was replaced");
    std::fs::rename(&aside, &list).unwrap();
    let other = program().arg("erasures").arg("--data").arg(&data).output().unwrap();
    assert!(String::from_utf8_lossy(&other.stderr).contains("another database"));
    std::fs::remove_file(&list).unwrap();
    run(&data, &["erasures", "--begin-anew"]);
    serve(&data).terminate();
    std::fs::remove_dir_all(data).unwrap();
}
