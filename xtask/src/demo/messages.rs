//! The chapter about messages: a request, an answer written without a network, and a look at what the
//! server has kept of it.

use super::{
    Failed,
    phone::Phone,
    server::Server,
    tell::{bytes, chapter, line},
};
use enishi_core::{
    Community,
    feed::Delivery,
    messages::{AroundMessage, MessageView},
};
use enishi_protocol::ConversationId;
use std::{fs, path::Path};

const QUESTION: &str = "小口さん、流量計の設計でご相談があります。来月、松本でお会いできませんか。";
const ANSWER: &str = "喜んで。蕎麦の美味しい店を知っています。カナリア食堂でどうでしょう。";

/// Tells how one of the two asks and the other answers from a train.
pub(super) async fn tell(server: &Server, folder: &Path, asks: &Phone, answers: &Phone) -> Result<(), Failed> {
    let (one, other) = (&asks.owner.family, &answers.owner.family);
    chapter(
        &format!("{one}さんが{other}さんに、二人だけの話を持ちかけます"),
        "She writes to him, for the two of them alone",
    );
    let conversation = asks.community()?.start_conversation(&[answers.community()?.member()], None)?;
    asks.community()?.write_message(conversation, QUESTION)?;
    asks.in_step().await?;
    answers.in_step().await?;
    let waits = answers.community()?.unread_messages()?;
    if (waits.requests, waits.messages) != (1, 0) {
        return Err(format!("one request should wait, and not {waits:?}").into());
    }
    line(
        "二人に共通のグループはないので、リクエストとして届きました。断っても相手には伝わりません",
        "As they share no group it came as a request; a no would not be told",
    );
    answers.set_online(false);
    answers.community()?.write_message(conversation, ANSWER)?;
    let written = said(answers.community()?, conversation)?;
    let pending = written.last().ok_or("the answer is not shown")?;
    if pending.text != ANSWER || pending.delivery != Delivery::Pending {
        return Err("the answer written offline is not shown as pending".into());
    }
    line(
        &format!("{other}さんは次のトンネルの中で返事を書きました。返事をすることが承諾になります"),
        "He answered inside the next tunnel; an answer is a yes",
    );
    answers.set_online(true);
    answers.in_step().await?;
    asks.in_step().await?;
    let (hers, his) = (said(asks.community()?, conversation)?, said(answers.community()?, conversation)?);
    let texts: Vec<_> = hers.iter().map(|message| message.text.as_str()).collect();
    let alike = hers.len() == his.len() && hers.iter().zip(&his).all(|(a, b)| (a.id, &a.text) == (b.id, &b.text));
    if texts != [QUESTION, ANSWER] || !alike {
        return Err(format!("the two phones do not show the same two messages: {texts:?}").into());
    }
    let found = asks.community()?.search_messages("蕎麦")?.messages.len();
    line(
        &format!("二台の端末に同じ二通が並びました。「蕎麦」で探すと{found}件。探すのは端末の中だけです"),
        &format!("Both phones show the same two messages; a search on the phone found {found}"),
    );
    look_into(server, folder).await
}

fn said(community: &Community, conversation: ConversationId) -> Result<Vec<MessageView>, Failed> {
    let window = community.messages(conversation, AroundMessage::Newest, 50)?;
    Ok(window.ok_or("the conversation is not there")?.messages)
}

/// What the messages say, in parts that stand nowhere else.
const WORDS: [&str; 2] = ["流量計の設計でご相談", "カナリア食堂"];
/// A part of a post, which is kept as it is: whoever looks has to find it.
const OPEN: &str = "上高地から見た穂高";

/// Looks for the words of both messages in every file that the server keeps, its log among them, in a backup, and in
/// every table.
async fn look_into(server: &Server, folder: &Path) -> Result<(), Failed> {
    let mut size = 0;
    let mut open = false;
    for file in fs::read_dir(server.data())? {
        let path = file?.path();
        if path.is_file() {
            size += look(&path, &mut open)?;
        }
    }
    let (ja, en) = if let Some(url) = server.postgres() {
        let tables = look_into_tables(url, &mut open).await?;
        (format!("とPostgreSQLの{tables}の表"), format!(" and {tables} tables of PostgreSQL"))
    } else {
        let backup = folder.join("backup.db");
        server.run(["backup".into(), "--to".into(), backup.clone().into_os_string()]).await?;
        size += look(&backup, &mut open)?;
        ("（バックアップも）".to_owned(), ", a backup among them,".to_owned())
    };
    if !open {
        return Err("the look does not even find what lies open".into());
    }
    line(
        &format!(
            "サーバーのファイル{}{ja}をすべて調べました。二人の言葉は一文字も開いたままでは残っていません。読めるのは二人と、鍵を持ってサーバーを動かす者だけです",
            bytes(size)
        ),
        &format!(
            "All {} of the server's files{en} were looked through: their words lie open nowhere. Only the two can read them, and whoever runs the server with its key",
            bytes(size)
        ),
    );
    Ok(())
}

fn look(path: &Path, open: &mut bool) -> Result<u64, Failed> {
    let content = fs::read(path)?;
    let holds = |words: &str| content.windows(words.len()).any(|at| at == words.as_bytes());
    *open |= holds(OPEN);
    for words in WORDS {
        if holds(words) {
            return Err(format!("{} holds what was written", path.display()).into());
        }
    }
    Ok(u64::try_from(content.len())?)
}

/// Every row of every table as text, in which PostgreSQL writes bytes as hexadecimal. Returns how many tables.
async fn look_into_tables(url: &str, open: &mut bool) -> Result<usize, Failed> {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
    let asking = async {
        let client = client;
        client.batch_execute("SET app.whole = 'on'").await?;
        let sql = "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables \
                   WHERE schemaname NOT IN ('pg_catalog', 'information_schema')";
        let tables: Vec<String> = client.query(sql, &[]).await?.iter().map(|row| row.get(0)).collect();
        for table in &tables {
            for words in WORDS.into_iter().chain([OPEN]) {
                let hex = data_encoding::HEXLOWER.encode(words.as_bytes());
                let sql = format!(
                    "SELECT count(*) FROM {table} t WHERE position($1::text in t::text) > 0 OR position($2::text in t::text) > 0"
                );
                let found: i64 = client.query_one(&sql, &[&words, &hex]).await?.get(0);
                if words == OPEN {
                    *open |= found > 0;
                } else if found > 0 {
                    return Err(Failed::from(format!("{table} holds what was written")));
                }
            }
        }
        Ok(tables.len())
    };
    let (looked, _) = tokio::join!(asking, connection);
    looked
}
