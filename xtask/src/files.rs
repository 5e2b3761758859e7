//! Files as chores treat them: walked in the order of their names, written only where they are others, gone where they were.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

/// Where this user keeps what can be made again, outside of every checkout; none where there is no home.
pub(crate) fn cache() -> Option<PathBuf> {
    let given = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|given| given.is_absolute());
    let usual = || env::var_os("HOME").map(|home| Path::new(&home).join(".cache"));
    Some(given.or_else(usual)?.join("enishi"))
}

/// Every file below a path, in the order of their names; none where nothing is there.
pub(crate) fn all(path: &Path) -> io::Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let folder = match fs::read_dir(path) {
        Ok(folder) => folder,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut entries = folder.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    let mut files = Vec::new();
    for entry in entries {
        files.extend(all(&entry)?);
    }
    Ok(files)
}

/// Writes a file, with the folders that it is in. One that says the same keeps its time, so that what is made of it is not
/// made again.
pub(crate) fn put(place: &Path, bytes: impl AsRef<[u8]>) -> io::Result<()> {
    if fs::read(place).is_ok_and(|there| there == bytes.as_ref()) {
        return Ok(());
    }
    place.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::write(place, bytes)
}

/// Removes a folder with all that is in it, where it is there.
pub(crate) fn remove_folder(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
