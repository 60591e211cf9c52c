//! The files in `__pycache__`: code of source files, as `marshal` writes it behind importlib's header of 16 bytes.
//!
//! **Invariants.** A file is written under another name and then renamed, so that nobody ever reads half of one. One that is
//! damaged, foreign or older than its source is as good as none, and is written anew. What cannot be written is not missed:
//! no error of a cache file ever reaches the program.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use siphasher::sip::SipHasher13;
use viv_heap::Ref;

use crate::object::{Code, Str};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::{HashCheck, Vm};

/// Magic number, flags, time of the source, size of the source.
const HEADER: usize = 16;
/// The byte that `marshal` puts before code objects.
pub const MARSHAL_CODE: u8 = b'c';

/// The flag of a file whose header has a hash of the source instead of time and size.
const HASH_BASED: u32 = 1;
/// The flag of a hash that is compared with the source's.
const CHECK_SOURCE: u32 = 2;

impl Vm {
    /// The number of the compiler, which code in files carries.
    pub fn compiler_number(&self) -> u64 {
        self.library.get().map_or(0, |library| library.compiler())
    }

    /// The first four bytes of a file in `__pycache__`: as on CPython two that tell versions apart, and a line's end.
    pub fn pyc_magic(&self) -> [u8; 4] {
        let [a, b, ..] = self.compiler_number().to_le_bytes();
        [a, b, b'\r', b'\n']
    }
}

/// The cache file of a source file, and what its header says.
pub struct Slot {
    path: PathBuf,
    /// Seconds and size of the source, cut to 32 bits as in the header.
    stamp: (u32, u32),
    mode: u32,
    /// Whether the file that was found has a hash of the source, which is then kept up.
    hash_flags: Option<u32>,
}

impl Slot {
    /// Where the code of a source file is kept; nothing where it is kept nowhere.
    ///
    /// # Errors
    /// MemoryError
    pub fn of(vm: &Vm, source: &Path) -> PyResult<Option<Slot>> {
        let Ok(stat) = fs::metadata(source) else {
            return Ok(None);
        };
        let Some(path) = cache_path(vm, source)? else {
            return Ok(None);
        };
        Ok(Some(Slot {
            path,
            stamp: (stat.mtime() as u32, stat.size() as u32),
            mode: stat.mode(),
            hash_flags: None,
        }))
    }

    /// The file's name, for `__cached__`.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The code, if the file has that of the source, and whether it speaks of the module's spec.
    ///
    /// # Errors
    /// MemoryError
    pub fn read(&mut self, vm: &Vm, source: &Path) -> PyResult<Option<(Ref<Code>, bool)>> {
        let Ok(bytes) = fs::read(&self.path) else {
            return Ok(None);
        };
        let Some((header, data)) = bytes.split_first_chunk::<HEADER>() else {
            return Ok(None);
        };
        let (words, _) = header.as_chunks::<4>();
        let &[magic, flags, first, second] = words else {
            return Ok(None);
        };
        if magic != vm.pyc_magic() {
            return Ok(None);
        }
        let number = u32::from_le_bytes;
        let current = match number(flags) {
            0 => (number(first), number(second)) == self.stamp,
            flags if flags & !(HASH_BASED | CHECK_SOURCE) == 0 && flags & HASH_BASED != 0 => {
                self.hash_flags = Some(flags);
                let checks = match vm.config.settings.hash_check {
                    HashCheck::Default => flags & CHECK_SOURCE != 0,
                    HashCheck::Always => true,
                    HashCheck::Never => false,
                };
                !checks
                    || fs::read(source).is_ok_and(|text| {
                        header.get(8..) == Some(&source_hash(hash_key(vm), &text)[..])
                    })
            }
            _ => false,
        };
        if !current {
            return Ok(None);
        }
        let Some(image) = marshalled(data) else {
            return Ok(None);
        };
        let filename = source.to_string_lossy();
        let code = crate::eval::code::read_image(vm, image, Some(&filename))?;
        Ok(code.ok().map(|code| (code, super::wants_spec(image))))
    }

    /// Keeps the code of the source.
    pub fn write(&self, vm: &Vm, source: &[u8], code: &viv_bytecode::Code) {
        let Ok(image) = viv_bytecode::image::encode(code, vm.compiler_number()) else {
            return;
        };
        let Ok(length) = u32::try_from(image.len()) else {
            return;
        };
        let mut bytes = Vec::with_capacity(HEADER + 5 + image.len());
        bytes.extend(vm.pyc_magic());
        match self.hash_flags {
            None => {
                bytes.extend(0u32.to_le_bytes());
                bytes.extend(self.stamp.0.to_le_bytes());
                bytes.extend(self.stamp.1.to_le_bytes());
            }
            Some(flags) => {
                bytes.extend(flags.to_le_bytes());
                bytes.extend(source_hash(hash_key(vm), source));
            }
        }
        bytes.push(MARSHAL_CODE);
        bytes.extend(length.to_le_bytes());
        bytes.extend(image);
        // Nobody misses what could not be written.
        let _ = self.replace(&bytes);
    }

    /// Puts a file in the place of the old one, all at once.
    fn replace(&self, bytes: &[u8]) -> std::io::Result<()> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut own = self.path.clone().into_os_string();
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        own.push(format!(".{}.{count}", std::process::id()));
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            // As the source, but the owner may always write.
            .mode((self.mode | 0o200) & 0o666)
            .open(&own)?;
        let written = file
            .write_all(bytes)
            .and_then(|()| fs::rename(&own, &self.path));
        if written.is_err() {
            let _ = fs::remove_file(&own);
        }
        written
    }
}

/// Whether a file that is to run holds code: it is called so, or begins so.
pub fn is_code_file(vm: &Vm, filename: &str, content: &[u8]) -> bool {
    filename.ends_with(".pyc") || content.starts_with(&vm.pyc_magic())
}

/// The code of a file that is to run, whatever its source may be.
///
/// # Errors
/// RuntimeError where the file is damaged or of another version.
pub fn read_code_file(vm: &Vm, content: &[u8]) -> PyResult<Ref<Code>> {
    let bad = |what: &str| {
        let text = format!("Bad {what} in .pyc file");
        vm.raise(&vm.exceptions.RuntimeError, &text)
    };
    if !content.starts_with(&vm.pyc_magic()) {
        return Err(bad("magic number"));
    }
    let image = content.get(HEADER..).and_then(marshalled);
    match crate::eval::code::read_image(vm, image.unwrap_or_default(), None)? {
        Ok(code) => Ok(code),
        Err(_) => Err(bad("code object")),
    }
}

/// The image of a code object that `marshal` has written.
fn marshalled(data: &[u8]) -> Option<&[u8]> {
    let (&kind, rest) = data.split_first()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    if kind & 0x7f != MARSHAL_CODE {
        return None;
    }
    rest.get(..usize::try_from(u32::from_le_bytes(*length)).ok()?)
}

/// importlib's key for hashes of sources: the magic number.
fn hash_key(vm: &Vm) -> u64 {
    u64::from(u32::from_le_bytes(vm.pyc_magic()))
}

/// What `_imp.source_hash` gives: the hash of a source text under a key.
pub fn source_hash(key: u64, source: &[u8]) -> [u8; 8] {
    use std::hash::Hasher as _;
    let mut hasher = SipHasher13::new_with_keys(key, 0);
    hasher.write(source);
    hasher.finish().to_le_bytes()
}

/// As `importlib.util.cache_from_source`: beside the source, or below `sys.pycache_prefix`.
fn cache_path(vm: &Vm, source: &Path) -> PyResult<Option<PathBuf>> {
    let text = |object: Option<Ref>| {
        let text = object.and_then(|object| object.cast::<Str>().ok());
        text.map(|text| text.to_text().into_owned())
    };
    let tag = match vm.sys.get_text(vm, "implementation")? {
        Some(implementation) => {
            let name = vm.intern("cache_tag")?;
            text(protocol::get_attr_opt(vm, &implementation, &name)?)
        }
        None => None,
    };
    let (Some(tag), Some(stem), Some(folder)) = (tag, source.file_stem(), source.parent()) else {
        return Ok(None);
    };
    let level = match vm.config.optimize {
        0 => String::new(),
        level => format!(".opt-{level}"),
    };
    let mut name = stem.to_owned();
    name.push(format!(".{tag}{level}.pyc"));
    Ok(match text(vm.sys.get_text(vm, "pycache_prefix")?) {
        None => Some(folder.join("__pycache__").join(name)),
        Some(prefix) => {
            let Ok(folder) = std::path::absolute(folder) else {
                return Ok(None);
            };
            let inner = folder.strip_prefix("/").unwrap_or(&folder);
            Some(Path::new(&prefix).join(inner).join(name))
        }
    })
}

/// Whether files may be written: `sys.dont_write_bytecode` is not set.
///
/// # Errors
/// What the truth of its value raises.
pub fn may_write(vm: &Vm) -> PyResult<bool> {
    match vm.sys.get_text(vm, "dont_write_bytecode")? {
        Some(forbidden) => Ok(!protocol::is_true(vm, &forbidden)?),
        None => Ok(true),
    }
}
