//! Handing mail over: to a mail server, or into a folder for trying things out and for tests.

use super::Letter;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Body, Mailbox as Address,
        header::{ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue},
    },
};
use std::{
    fs,
    path::{Path, PathBuf},
};
use uuid::Uuid;

/// Why a mail was not handed over. The texts name no address.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// The mail cannot be written as one: a malformed address.
    #[error("the mail cannot be built")]
    Unfit,
    /// The mail server did not take it; it may later.
    #[error("the mail server did not take it")]
    Server,
    /// The mail server did not say whether it took it.
    #[error("the mail server did not say whether it took it")]
    Unsure,
    /// The folder cannot be written.
    #[error("the mailbox folder cannot be written: {0}")]
    Folder(std::io::Error),
    /// The settings do not name a mail server.
    #[error("not a mail server's URL: {0}")]
    Url(String),
}

/// The way that mail goes.
#[derive(Clone)]
pub struct Post {
    sender: Address,
    way: Way,
}

#[derive(Clone)]
enum Way {
    Folder(Mailbox),
    Server(AsyncSmtpTransport<Tokio1Executor>),
}

impl Post {
    /// Mail goes into a folder, one file each.
    ///
    /// # Errors
    /// [`PostError::Unfit`] where `sender` is no address.
    pub fn to_folder(sender: &str, folder: &Path) -> Result<Self, PostError> {
        Ok(Self { sender: address(sender)?, way: Way::Folder(Mailbox::new(folder)) })
    }

    /// Mail goes to a server: `smtps://user:password@host` or `smtp://host?tls=required`.
    ///
    /// # Errors
    /// [`PostError::Url`] or [`PostError::Unfit`].
    pub fn to_server(sender: &str, url: &str) -> Result<Self, PostError> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|error| PostError::Url(error.to_string()))?
            .build();
        Ok(Self { sender: address(sender)?, way: Way::Server(transport) })
    }

    /// The address that mail comes from.
    pub fn sender(&self) -> String {
        self.sender.email.to_string()
    }

    /// Hands a letter over. `id` names it for good, so that one handed over twice can be recognised.
    ///
    /// # Errors
    /// [`PostError::Unfit`] is for good, all others may pass.
    pub async fn send(&self, id: Uuid, letter: &Letter) -> Result<(), PostError> {
        match &self.way {
            Way::Folder(mailbox) => {
                // Readable as it lies there: the folder is for people who try things out.
                let body = Body::new_with_encoding(letter.text.clone(), ContentTransferEncoding::Binary)
                    .map_err(|_| PostError::Unfit)?;
                mailbox.put(id, &self.message(id, letter)?.body(body).map_err(|_| PostError::Unfit)?.formatted())
            }
            Way::Server(transport) => {
                let message = self.message(id, letter)?.body(letter.text.clone()).map_err(|_| PostError::Unfit)?;
                let refused = |error: lettre::transport::smtp::Error| error.is_permanent() || error.is_transient();
                transport
                    .send(message)
                    .await
                    .map(drop)
                    .map_err(|error| if refused(error) { PostError::Server } else { PostError::Unsure })
            }
        }
    }

    /// Whether mail can be handed over at present.
    pub async fn is_open(&self) -> bool {
        match &self.way {
            Way::Folder(_) => true,
            Way::Server(transport) => transport.test_connection().await.unwrap_or(false),
        }
    }

    fn message(&self, id: Uuid, letter: &Letter) -> Result<lettre::message::MessageBuilder, PostError> {
        let mut message = Message::builder();
        if let Some(url) = &letter.unsubscribe {
            message = message.header(ListUnsubscribe(format!("<{url}>"))).header(ListUnsubscribePost);
        }
        Ok(message
            .from(self.sender.clone())
            .to(Address::new(None, letter.to.parse().map_err(|_| PostError::Unfit)?))
            .message_id(Some(format!("<{id}@{}>", self.sender.email.domain())))
            .subject(letter.subject.clone())
            .header(ContentType::TEXT_PLAIN))
    }
}

/// Where a mail program declines further mail (RFC 2369).
#[derive(Clone)]
struct ListUnsubscribe(String);

/// Says that one POST there is enough, without a page to be read (RFC 8058).
#[derive(Clone)]
struct ListUnsubscribePost;

type Parsed<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

impl Header for ListUnsubscribe {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe")
    }

    fn parse(text: &str) -> Parsed<Self> {
        Ok(Self(text.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        // In one piece: mail programs look for the URL as it is.
        HeaderValue::dangerous_new_pre_encoded(Self::name(), self.0.clone(), self.0.clone())
    }
}

impl Header for ListUnsubscribePost {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe-Post")
    }

    fn parse(_: &str) -> Parsed<Self> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "List-Unsubscribe=One-Click".to_owned())
    }
}

fn address(text: &str) -> Result<Address, PostError> {
    text.parse().map_err(|_| PostError::Unfit)
}

/// A folder that mail is put into, one `.eml` file each, in the order of their names.
#[derive(Clone, Debug)]
pub struct Mailbox {
    folder: PathBuf,
}

impl Mailbox {
    /// The mailbox in a folder; made with the first mail.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    fn put(&self, id: Uuid, bytes: &[u8]) -> Result<(), PostError> {
        fs::create_dir_all(&self.folder).map_err(PostError::Folder)?;
        let at = chrono::Utc::now().format("%Y%m%dT%H%M%S%6f");
        let unfinished = self.folder.join(format!(".{id}"));
        fs::write(&unfinished, bytes).map_err(PostError::Folder)?;
        fs::rename(&unfinished, self.folder.join(format!("{at}-{id}.eml"))).map_err(PostError::Folder)
    }

    /// The texts of all mails to an address, oldest first.
    pub fn texts_to(&self, address: &str) -> Vec<String> {
        self.mails_to(address).into_iter().map(|(_, text)| text).collect()
    }

    /// The heads and texts of all mails to an address, oldest first.
    pub fn mails_to(&self, address: &str) -> Vec<(String, String)> {
        let mut files: Vec<_> = fs::read_dir(&self.folder)
            .into_iter()
            .flatten()
            .filter_map(|file| file.ok().map(|file| file.path()))
            .filter(|path| path.extension().is_some_and(|end| end == "eml"))
            .collect();
        files.sort();
        let line = format!("to: {}", address.to_lowercase());
        files
            .iter()
            .filter_map(|path| fs::read_to_string(path).ok())
            .filter_map(|mail| {
                let (head, text) = mail.split_once("\r\n\r\n")?;
                head.lines()
                    .any(|header| header.to_lowercase() == line)
                    .then(|| (head.to_owned(), text.replace("\r\n", "\n")))
            })
            .collect()
    }

    /// The newest sign-in code mailed to an address.
    pub fn newest_code(&self, address: &str) -> Option<String> {
        let is_code = |line: &&str| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit());
        let texts = self.texts_to(address);
        texts.iter().rev().find_map(|text| text.lines().find(is_code)).map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Message as Words;
    use enishi_protocol::Language;

    #[tokio::test]
    async fn a_mail_in_the_folder_can_be_read_as_it_lies_there() {
        let folder = crate::db::testing::folder();
        let post = Post::to_folder("enishi@example.jp", &folder).unwrap();
        for (to, code) in [("hana@example.jp", "111111"), ("hana@example.jp", "222222"), ("taro@example.jp", "333333")]
        {
            let letter = Words::Code { code: code.into() }.letter(to, Language::Ja, "https://a.example.jp");
            post.send(Uuid::new_v4(), &letter).await.unwrap();
        }
        let mailbox = Mailbox::new(&folder);
        assert_eq!(mailbox.newest_code("Hana@example.jp").as_deref(), Some("222222"));
        assert_eq!(mailbox.newest_code("nobody@example.jp"), None);
        assert!(mailbox.texts_to("taro@example.jp")[0].contains("サインインのコードです"));
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[tokio::test]
    async fn a_mail_servers_url_is_checked_at_the_start() {
        assert!(matches!(Post::to_server("enishi@example.jp", "gopher://x"), Err(PostError::Url(_))));
        assert!(matches!(Post::to_server("nobody", "smtps://mail.example.jp"), Err(PostError::Unfit)));
    }
}
