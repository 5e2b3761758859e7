//! The file with the message key: made at the first start, kept apart from the database and its
//! backups, and known again by a proof that lies in the database.
//!
//! A key that is missing or belongs to another database stops the start; nothing is sealed with it.

use super::MessageKey;
use crate::{
    db::{Connection, Database, DbError, Scope},
    secrets::{self, Hash},
    surroundings::Surroundings,
    values,
};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// Nobody but the owner reads or writes the file.
const MODE: u32 = 0o600;

/// Why there is no message key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file is not there, and the database has messages that only its key opens.
    #[error(
        "the message key {0} is missing: put its copy back, or name it with --message-key; nothing is lost yet / \
         メッセージの鍵がありません。控えを元に戻すか --message-key で指定してください。まだ何も失われていません"
    )]
    Missing(PathBuf),
    /// The file holds the key of another database.
    #[error(
        "the message key {0} is not that of this database: name the right one with --message-key; nothing is lost yet / \
         メッセージの鍵がこのデータベースのものではありません。正しい鍵を --message-key で指定してください。まだ何も失われていません"
    )]
    Wrong(PathBuf),
    /// The file holds no key.
    #[error("the message key {0} is damaged: it must hold 64 hexadecimal digits")]
    Damaged(PathBuf),
    /// Others can read the file.
    #[error("others can read the message key {0}: chmod 600 it")]
    Open(PathBuf),
    /// The file cannot be read or written.
    #[error("the message key {0} cannot be used: {1}")]
    File(PathBuf, io::Error),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
}

/// The key of a database from its file, which is made where neither has one yet.
///
/// # Errors
/// [`KeyError`]; then the server must not start.
pub async fn of(database: &Database, path: &Path, surroundings: &dyn Surroundings) -> Result<MessageKey, KeyError> {
    let known = database.read(Scope::Accounts, proof).await?;
    let made = match read(path)? {
        Some(key) => return check(database, path, key).await,
        None if known.is_some() => return Err(KeyError::Missing(path.to_owned())),
        None => make(path, surroundings).map_err(|error| KeyError::File(path.to_owned(), error))?,
    };
    let key = read(path)?.ok_or_else(|| KeyError::Missing(path.to_owned()))?;
    let checked = check(database, path, key).await;
    if made && matches!(checked, Err(KeyError::Wrong(_))) {
        // Another process was first with a file of its own: this one must be given that one's.
        fs::remove_file(path).map_err(|error| KeyError::File(path.to_owned(), error))?;
    }
    checked
}

/// The key of a database that has one; nothing is made.
///
/// # Errors
/// [`KeyError`].
pub async fn of_known(database: &Database, path: &Path) -> Result<Option<MessageKey>, KeyError> {
    if database.read(Scope::Accounts, proof).await?.is_none() {
        return Ok(None);
    }
    let key = read(path)?.ok_or_else(|| KeyError::Missing(path.to_owned()))?;
    check(database, path, key).await.map(Some)
}

/// Sees that a key is this database's, or makes it so where it has none yet.
async fn check(database: &Database, path: &Path, key: MessageKey) -> Result<MessageKey, KeyError> {
    let mine = key.proof();
    let known = database.write(Scope::Accounts, move |conn| {
        let sql = "INSERT INTO message_key (only_one, proof) VALUES (1, $1) ON CONFLICT (only_one) DO NOTHING";
        conn.execute(sql, values![mine.as_slice()])?;
        proof(conn)
    });
    let known: Option<Vec<u8>> = known.await?;
    if known.is_some_and(|known| secrets::same(&known, &mine)) {
        Ok(key)
    } else {
        Err(KeyError::Wrong(path.to_owned()))
    }
}

fn proof(conn: &mut dyn Connection) -> Result<Option<Vec<u8>>, DbError> {
    let row = conn.first("SELECT proof FROM message_key WHERE only_one = 1", &[])?;
    row.map(|row| row.get(0)).transpose()
}

fn read(path: &Path) -> Result<Option<MessageKey>, KeyError> {
    let failed = |error| KeyError::File(path.to_owned(), error);
    let text = match fs::read_to_string(path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    if fs::metadata(path).map_err(failed)?.permissions().mode() & 0o077 != 0 {
        return Err(KeyError::Open(path.to_owned()));
    }
    let bytes: Hash = secrets::from_hex(text.trim()).ok_or_else(|| KeyError::Damaged(path.to_owned()))?;
    Ok(Some(MessageKey::of_bytes(bytes)))
}

/// Makes the file whole or not at all. False where another process was first.
fn make(path: &Path, surroundings: &dyn Surroundings) -> io::Result<bool> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let unfinished = folder.join(format!(".message-key-{}", surroundings.new_id().simple()));
    let written = write(&unfinished, surroundings).and_then(|()| fs::hard_link(&unfinished, path));
    let removed = fs::remove_file(&unfinished);
    match written {
        Ok(()) => removed.and_then(|()| File::open(folder)?.sync_all()).map(|()| true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => removed.map(|()| false),
        Err(error) => Err(error),
    }
}

fn write(path: &Path, surroundings: &dyn Surroundings) -> io::Result<()> {
    let key: Zeroizing<[u8; 32]> = Zeroizing::new(secrets::random(surroundings));
    let line = Zeroizing::new(format!("{}\n", *Zeroizing::new(secrets::to_hex(&key[..]))));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(MODE).open(path)?;
    file.write_all(line.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        both_engines,
        db::testing::{TestDatabase, folder},
        surroundings::RealSurroundings,
    };

    async fn of_file(database: &Database, path: &Path) -> Result<MessageKey, KeyError> {
        of(database, path, &RealSurroundings).await
    }

    both_engines! {
        async fn the_first_start_makes_a_key_that_only_its_owner_reads_and_later_ones_take_it(db: TestDatabase) {
            let folder = folder();
            let path = folder.join("deep").join("message.key");
            let first = of_file(&db, &path).await.unwrap();
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            assert_eq!(of_file(&db, &path).await.unwrap().proof(), first.proof());
            assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing else is left there");
            fs::remove_dir_all(folder).unwrap();
        }

        async fn a_missing_wrong_damaged_or_open_key_is_said_and_nothing_is_made(db: TestDatabase) {
            let folder = folder();
            let (path, other) = (folder.join("message.key"), folder.join("other.key"));
            let key = of_file(&db, &path).await.unwrap();
            assert!(matches!(of_file(&db, &other).await, Err(KeyError::Missing(_))));
            assert!(!other.exists(), "no second key is made");
            fs::copy(&path, &other).unwrap();
            fs::write(&path, format!("{}\n", "0".repeat(64))).unwrap();
            assert!(matches!(of_file(&db, &path).await, Err(KeyError::Wrong(_))));
            fs::write(&path, "key").unwrap();
            assert!(matches!(of_file(&db, &path).await, Err(KeyError::Damaged(_))));
            assert_eq!(of_file(&db, &other).await.unwrap().proof(), key.proof(), "the right one still opens");
            fs::set_permissions(&other, fs::Permissions::from_mode(0o644)).unwrap();
            assert!(matches!(of_file(&db, &other).await, Err(KeyError::Open(_))));
            fs::remove_dir_all(folder).unwrap();
        }
    }
}
