//! The watched disks of this process, when their power goes, and how much room they have.

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
    room: Option<Room>,
}

/// How many more writes there is room for, and how many fail then.
struct Room {
    writes: u64,
    failing: u64,
    /// Writes that there was no room for.
    failed: u64,
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

    /// Has room for so many writes more. The next so many fail, the first of them after half of it was written, as a
    /// disk that is full tells it; those after have room again.
    pub fn full_after(&self, writes: u64, failing: u64) {
        self.state().room = Some(Room { writes, failing, failed: 0 });
    }

    /// There is room for everything from now on.
    pub fn make_room(&self) {
        self.state().room = None;
    }

    /// Whether there was no room for something since [`Disk::full_after`].
    #[must_use]
    pub fn was_full(&self) -> bool {
        self.state().room.as_ref().is_some_and(|room| room.failed > 0)
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

    /// How much of a write of so many bytes there is room for.
    pub(crate) fn room_for(&self, bytes: usize) -> usize {
        let mut state = self.state();
        let Some(room) = &mut state.room else { return bytes };
        if let Some(left) = room.writes.checked_sub(1) {
            room.writes = left;
            return bytes;
        }
        if room.failed >= room.failing {
            return bytes;
        }
        room.failed += 1;
        if room.failed == 1 { bytes / 2 } else { 0 }
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
