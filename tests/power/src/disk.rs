//! The watched disks of this process, and when their power goes.

use crate::{
    files::{Change, Files},
    vfs,
};
use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The disk below a folder. Cheap to clone; all clones are the same.
#[derive(Clone)]
pub struct Disk(Arc<Parts>);

struct Parts {
    folder: PathBuf,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    files: Files,
    /// Files that are open at present.
    open: usize,
    operations: u64,
    cut_after: Option<u64>,
}

/// What a power cut answers to whoever still writes.
#[derive(Debug)]
pub(crate) struct NoPower;

static DISKS: Mutex<Vec<Disk>> = Mutex::new(Vec::new());

impl Disk {
    /// Watches what SQLite writes below this folder from now on. Files that are open already are not seen.
    ///
    /// # Panics
    /// Where SQLite does not take another file system.
    #[must_use]
    pub fn under(folder: &Path) -> Self {
        vfs::register();
        let disk = Self(Arc::new(Parts { folder: folder.to_owned(), state: Mutex::default() }));
        lock(&DISKS).push(disk.clone());
        disk
    }

    /// The disk that a file is on.
    pub(crate) fn of(file: &Path) -> Option<Self> {
        lock(&DISKS).iter().find(|disk| file.starts_with(&disk.0.folder)).cloned()
    }

    /// Writes, flushes and deletions so far.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.state().operations
    }

    /// Cuts the power after so many operations in all: the next one fails, and all after it.
    pub fn cut_after(&self, operations: u64) {
        self.state().cut_after = Some(operations);
    }

    /// Cuts the power now.
    pub fn cut(&self) {
        let mut state = self.state();
        let now = state.operations;
        state.cut_after = Some(state.cut_after.map_or(now, |before| before.min(now)));
    }

    /// Whether something was to be written since the power went.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        let state = self.state();
        state.cut_after.is_some_and(|most| state.operations > most)
    }

    /// Files that are open at present.
    #[must_use]
    pub fn open_files(&self) -> usize {
        self.state().open
    }

    /// Puts back the power, once no file is open any more: the real files become what a disk might hold after the
    /// cut. `dice` decides what that is, of what was not flushed.
    ///
    /// # Errors
    /// Of the real disk.
    ///
    /// # Panics
    /// Where a file is still open: whoever holds it would go on as if the power had never gone.
    pub fn restore(&self, dice: &mut dyn FnMut() -> u32) -> io::Result<()> {
        let mut state = self.state();
        assert_eq!(state.open, 0, "files are open");
        (state.cut_after, state.operations) = (None, 0);
        std::mem::take(&mut state.files).leave(dice)
    }

    /// A file is opened: from here on its changes are known.
    pub(crate) fn opened(&self, file: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.open += 1;
        state.files.opened(file)
    }

    /// A file was closed, or could not be opened.
    pub(crate) fn closed(&self) {
        self.state().open -= 1;
    }

    /// A file is to be changed.
    pub(crate) fn change(&self, file: &Path, change: Change) -> Result<(), NoPower> {
        let mut state = self.state();
        state.operations += 1;
        let has_power = state.cut_after.is_none_or(|most| state.operations <= most);
        if has_power || state.cut_after.is_some_and(|most| state.operations == most + 1) {
            // The very change during which it goes may still reach the disk, in part.
            state.files.change(file, change, has_power);
        }
        if has_power { Ok(()) } else { Err(NoPower) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.0.state)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
