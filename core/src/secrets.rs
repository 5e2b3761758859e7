//! Where tokens and keys live: the Keychain, the Keystore, or for tools a file.
//!
//! Nothing secret is kept anywhere else, and nothing of it is ever logged.

use std::{
    collections::BTreeMap,
    fmt, fs, io,
    io::Write,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};
use zeroize::Zeroizing;

/// A secret as it is held in memory: overwritten when dropped.
pub type Secret = Zeroizing<Vec<u8>>;

/// The place for secrets did not do as asked: locked, full, or damaged.
#[derive(Debug, thiserror::Error)]
#[error("the secret store failed: {0}")]
pub struct SecretError(pub String);

impl From<io::Error> for SecretError {
    fn from(error: io::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<SecretError> for crate::Error {
    fn from(error: SecretError) -> Self {
        Self::Internal { detail: error.to_string() }
    }
}

/// Keeps secrets by name. Names are ASCII and say nothing about a person.
///
/// `set` must have reached the disk when it returns: what is sent afterwards relies on it.
pub trait SecretStore: Send + Sync {
    /// The secret of that name, where there is one.
    fn get(&self, name: &str) -> Result<Option<Secret>, SecretError>;
    /// Keeps a secret, in place of one of that name.
    fn set(&self, name: &str, secret: &[u8]) -> Result<(), SecretError>;
    /// Forgets a secret. One that is not there is no error.
    fn remove(&self, name: &str) -> Result<(), SecretError>;
}

type Secrets = BTreeMap<String, Secret>;

/// Secrets in memory, for tests.
#[derive(Default)]
pub struct MemorySecretStore(Mutex<Secrets>);

impl SecretStore for MemorySecretStore {
    fn get(&self, name: &str) -> Result<Option<Secret>, SecretError> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned())
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), SecretError> {
        let secret = Zeroizing::new(secret.to_vec());
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), secret);
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<(), SecretError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        Ok(())
    }
}

/// Secrets in a file that only its owner may read, for tools. A phone uses its own keeper.
pub struct FileSecretStore {
    path: PathBuf,
    secrets: Mutex<Secrets>,
}

impl FileSecretStore {
    /// Opens the file, or begins one at the first secret.
    ///
    /// # Errors
    /// Where the file cannot be read, or is not one that this type wrote.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, SecretError> {
        let path = path.into();
        let secrets = match fs::read_to_string(&path) {
            Ok(text) => read(&Zeroizing::new(text))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Secrets::new(),
            Err(error) => return Err(error.into()),
        };
        Ok(Self { path, secrets: Mutex::new(secrets) })
    }

    /// Writes the next state whole and beside the present one, so that a crash leaves either.
    fn change(&self, change: impl FnOnce(&mut Secrets)) -> Result<(), SecretError> {
        let mut held = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = held.clone();
        change(&mut next);
        write_private(&self.path, &write(&next))?;
        *held = next;
        Ok(())
    }
}

impl SecretStore for FileSecretStore {
    fn get(&self, name: &str) -> Result<Option<Secret>, SecretError> {
        Ok(self.secrets.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned())
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), SecretError> {
        self.change(|secrets| {
            secrets.insert(name.to_owned(), Zeroizing::new(secret.to_vec()));
        })
    }

    fn remove(&self, name: &str) -> Result<(), SecretError> {
        if self.get(name)?.is_none() {
            return Ok(());
        }
        self.change(|secrets| {
            secrets.remove(name);
        })
    }
}

impl fmt::Debug for FileSecretStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileSecretStore").field("path", &self.path).finish_non_exhaustive()
    }
}

fn read(text: &str) -> Result<Secrets, SecretError> {
    let line = |line: &str| {
        let (name, hex) = line.split_once(' ')?;
        let secret = data_encoding::HEXLOWER.decode(hex.as_bytes()).ok()?;
        Some((name.to_owned(), Zeroizing::new(secret)))
    };
    text.lines().map(|text| line(text).ok_or_else(|| SecretError("the file is damaged".into()))).collect()
}

fn write(secrets: &Secrets) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::new());
    for (name, secret) in secrets {
        text.push_str(name);
        text.push(' ');
        data_encoding::HEXLOWER.encode_append(secret, &mut text);
        text.push('\n');
    }
    text
}

/// Replaces a file by one with this text that only its owner may read, and waits for the disk.
pub(crate) fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    // The new name must survive a crash as well as the new content.
    #[cfg(unix)]
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_in_a_file_is_there_when_it_is_opened_again() {
        let folder = std::env::temp_dir().join(format!("enishi-secrets-{}", uuid::Uuid::new_v4()));
        fs::create_dir(&folder).expect("folder");
        let path = folder.join("secrets");
        let secrets = FileSecretStore::open(&path).expect("opens");
        secrets.set("a", &[0, 1, 255]).expect("set");
        secrets.set("b", b"two").expect("set");
        secrets.remove("b").expect("removed");
        let again = FileSecretStore::open(&path).expect("opens again");
        assert_eq!(again.get("a").expect("read").expect("is there").as_slice(), &[0, 1, 255]);
        assert!(again.get("b").expect("read").is_none());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).expect("file").permissions().mode() & 0o777, 0o600);
        }
        fs::write(&path, "nonsense").expect("damaged");
        assert!(FileSecretStore::open(&path).is_err());
        fs::remove_dir_all(folder).expect("cleaned");
    }
}
