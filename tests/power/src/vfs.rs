//! SQLite's file system, with every write told to the disk it is for.
//!
//! Each function does what SQLite's own does, and nothing but writes, flushes and removals is looked at.
//! The real file is changed as well, so that whoever reads sees what was written.
#![allow(unsafe_code, reason = "the interface is C")]

use crate::{disk::Disk, files::Change};
use rusqlite::ffi::{self, sqlite3_file, sqlite3_filename, sqlite3_int64, sqlite3_io_methods, sqlite3_vfs};
use std::{
    ffi::{CStr, c_char, c_int, c_void},
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    ptr,
    sync::OnceLock,
};

/// An open file: SQLite's own stands behind it in the same memory.
#[repr(C)]
struct OpenFile {
    base: sqlite3_file,
    /// Where it is; null for a file that nobody watches.
    watched: *mut Watched,
}

struct Watched {
    disk: Disk,
    path: PathBuf,
    open: bool,
}

impl Drop for Watched {
    fn drop(&mut self) {
        if self.open {
            self.disk.closed();
        }
    }
}

/// SQLite's own file system.
struct Real(*mut sqlite3_vfs);

// SAFETY: SQLite uses it from all threads as well.
unsafe impl Send for Real {}
unsafe impl Sync for Real {}

static REAL: OnceLock<Real> = OnceLock::new();

static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 3,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: Some(fetch),
    xUnfetch: Some(unfetch),
};

/// Makes this the file system that SQLite uses in this process, once.
pub(crate) fn register() {
    REAL.get_or_init(|| {
        // SAFETY: the default file system lives as long as the process, and so does the copy, which is leaked.
        unsafe {
            assert_eq!(ffi::sqlite3_initialize(), ffi::SQLITE_OK);
            let real = ffi::sqlite3_vfs_find(ptr::null());
            let mut own = Box::new(*real);
            own.pNext = ptr::null_mut();
            own.zName = c"power".as_ptr();
            own.szOsFile += c_int::try_from(size_of::<OpenFile>()).unwrap_or(c_int::MAX);
            own.xOpen = Some(open);
            own.xDelete = Some(delete);
            assert_eq!(ffi::sqlite3_vfs_register(Box::into_raw(own), 1), ffi::SQLITE_OK);
            Real(real)
        }
    });
}

fn real_vfs() -> *mut sqlite3_vfs {
    REAL.get().map_or(ptr::null_mut(), |real| real.0)
}

/// The file behind ours.
///
/// # Safety
/// `file` is one that [`open`] was given.
unsafe fn real(file: *mut sqlite3_file) -> *mut sqlite3_file {
    unsafe { file.cast::<OpenFile>().add(1).cast() }
}

/// Calls a method of the file behind ours.
macro_rules! pass {
    ($file:ident . $method:ident ( $($argument:expr),* )) => {{
        // SAFETY: SQLite calls methods of open files only, whose real file is open, too, and has this method.
        unsafe {
            let real = real($file);
            match (*(*real).pMethods).$method {
                Some(method) => method(real, $($argument),*),
                None => ffi::SQLITE_IOERR,
            }
        }
    }};
}

unsafe extern "C" fn open(
    _: *mut sqlite3_vfs,
    name: sqlite3_filename,
    file: *mut sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives memory for a file of our size, and a name that is null or ends.
    unsafe {
        let own = file.cast::<OpenFile>();
        (*own).base.pMethods = ptr::null();
        (*own).watched = ptr::null_mut();
        let mut watched = watched(name);
        if let Some(watched) = &mut watched {
            watched.open = true;
            if watched.disk.opened(&watched.path).is_err() {
                return ffi::SQLITE_CANTOPEN;
            }
        }
        let (vfs, real) = (real_vfs(), real(file));
        let Some(open) = (*vfs).xOpen else { return ffi::SQLITE_CANTOPEN };
        let opened = open(vfs, name, real, flags, out);
        if opened == ffi::SQLITE_OK {
            (*own).base.pMethods = &raw const METHODS;
            (*own).watched = watched.map_or(ptr::null_mut(), |watched| Box::into_raw(Box::new(watched)));
        }
        opened
    }
}

/// # Safety
/// `name` is null or ends.
unsafe fn watched(name: *const c_char) -> Option<Watched> {
    if name.is_null() {
        return None;
    }
    let name = unsafe { CStr::from_ptr(name) };
    let path = Path::new(std::ffi::OsStr::from_bytes(name.to_bytes())).to_owned();
    Disk::of(&path).map(|disk| Watched { disk, path, open: false })
}

unsafe extern "C" fn delete(_: *mut sqlite3_vfs, name: *const c_char, flushed: c_int) -> c_int {
    // SAFETY: SQLite gives a name that ends.
    unsafe {
        if let Some(Watched { disk, path, .. }) = &watched(name)
            && disk.change(path, Change::Remove { flushed: flushed != 0 }).is_err()
        {
            return ffi::SQLITE_IOERR_DELETE;
        }
        let vfs = real_vfs();
        (*vfs).xDelete.map_or(ffi::SQLITE_IOERR, |delete| delete(vfs, name, flushed))
    }
}

/// Tells the file's disk of a change; whether it has power.
///
/// # Safety
/// `file` is open.
unsafe fn may_change(file: *mut sqlite3_file, change: impl FnOnce() -> Change) -> bool {
    // SAFETY: an open file's watched part lives until it is closed.
    let watched = unsafe { (*file.cast::<OpenFile>()).watched.as_ref() };
    watched.is_none_or(|Watched { disk, path, .. }| disk.change(path, change()).is_ok())
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    let closed = pass!(file.xClose());
    // SAFETY: made by `open`, and used by nobody once the file is closed.
    unsafe {
        let own = file.cast::<OpenFile>();
        if !(*own).watched.is_null() {
            drop(Box::from_raw((*own).watched));
            (*own).watched = ptr::null_mut();
        }
    }
    closed
}

unsafe extern "C" fn read(file: *mut sqlite3_file, to: *mut c_void, length: c_int, place: sqlite3_int64) -> c_int {
    pass!(file.xRead(to, length, place))
}

unsafe extern "C" fn write(file: *mut sqlite3_file, from: *const c_void, length: c_int, place: sqlite3_int64) -> c_int {
    let whole = usize::try_from(length).unwrap_or(0);
    // SAFETY: an open file's watched part lives until it is closed.
    let watched = unsafe { (*file.cast::<OpenFile>()).watched.as_ref() };
    let fits = watched.map_or(whole, |watched| watched.disk.room_for(whole));
    if fits > 0 {
        // SAFETY: SQLite gives so many bytes, and more than fit.
        let bytes = || unsafe { std::slice::from_raw_parts(from.cast::<u8>(), fits) };
        let change = || Change::Write(usize::try_from(place).unwrap_or(0), bytes().to_vec());
        if !unsafe { may_change(file, change) } {
            return ffi::SQLITE_IOERR_WRITE;
        }
        let written = pass!(file.xWrite(from, c_int::try_from(fits).unwrap_or(length), place));
        if written != ffi::SQLITE_OK {
            return written;
        }
    }
    if fits < whole { ffi::SQLITE_FULL } else { ffi::SQLITE_OK }
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, length: sqlite3_int64) -> c_int {
    let change = || Change::Truncate(usize::try_from(length).unwrap_or(0));
    if unsafe { may_change(file, change) } { pass!(file.xTruncate(length)) } else { ffi::SQLITE_IOERR_TRUNCATE }
}

/// The real disk is never cut, so it need not be flushed.
unsafe extern "C" fn sync(file: *mut sqlite3_file, _: c_int) -> c_int {
    if unsafe { may_change(file, || Change::Flush) } { ffi::SQLITE_OK } else { ffi::SQLITE_IOERR_FSYNC }
}

unsafe extern "C" fn file_size(file: *mut sqlite3_file, size: *mut sqlite3_int64) -> c_int {
    pass!(file.xFileSize(size))
}

unsafe extern "C" fn lock(file: *mut sqlite3_file, level: c_int) -> c_int {
    pass!(file.xLock(level))
}

unsafe extern "C" fn unlock(file: *mut sqlite3_file, level: c_int) -> c_int {
    pass!(file.xUnlock(level))
}

unsafe extern "C" fn check_reserved_lock(file: *mut sqlite3_file, out: *mut c_int) -> c_int {
    pass!(file.xCheckReservedLock(out))
}

unsafe extern "C" fn file_control(file: *mut sqlite3_file, what: c_int, argument: *mut c_void) -> c_int {
    pass!(file.xFileControl(what, argument))
}

unsafe extern "C" fn sector_size(file: *mut sqlite3_file) -> c_int {
    pass!(file.xSectorSize())
}

unsafe extern "C" fn device_characteristics(file: *mut sqlite3_file) -> c_int {
    pass!(file.xDeviceCharacteristics())
}

unsafe extern "C" fn shm_map(
    file: *mut sqlite3_file,
    page: c_int,
    size: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    pass!(file.xShmMap(page, size, extend, out))
}

unsafe extern "C" fn shm_lock(file: *mut sqlite3_file, offset: c_int, count: c_int, flags: c_int) -> c_int {
    pass!(file.xShmLock(offset, count, flags))
}

unsafe extern "C" fn shm_barrier(file: *mut sqlite3_file) {
    // SAFETY: as in `pass!`.
    unsafe {
        let real = real(file);
        if let Some(barrier) = (*(*real).pMethods).xShmBarrier {
            barrier(real);
        }
    }
}

unsafe extern "C" fn shm_unmap(file: *mut sqlite3_file, delete: c_int) -> c_int {
    pass!(file.xShmUnmap(delete))
}

unsafe extern "C" fn fetch(
    file: *mut sqlite3_file,
    place: sqlite3_int64,
    amount: c_int,
    out: *mut *mut c_void,
) -> c_int {
    pass!(file.xFetch(place, amount, out))
}

unsafe extern "C" fn unfetch(file: *mut sqlite3_file, place: sqlite3_int64, page: *mut c_void) -> c_int {
    pass!(file.xUnfetch(place, page))
}
