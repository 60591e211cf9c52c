//! The pure-Python half of the standard library, which the build has packed: unpacked file by file, when asked for.

use std::io::Read;

use viv_runtime::vm::Library;

static FILES: &[(&str, usize, usize, usize)] = include!(concat!(env!("OUT_DIR"), "/library.rs"));
static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/library.bin"));

/// The library.
pub struct Embedded;

/// The one and only.
pub static EMBEDDED: Embedded = Embedded;

fn find(path: &str) -> Option<&'static (&'static str, usize, usize, usize)> {
    let at = FILES.binary_search_by(|file| file.0.cmp(path)).ok()?;
    FILES.get(at)
}

impl Library for Embedded {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        let &(_, start, end, size) = find(path)?;
        let mut text = Vec::with_capacity(size);
        flate2::read::DeflateDecoder::new(PACKED.get(start..end)?)
            .read_to_end(&mut text)
            .ok()?;
        Some(text)
    }

    fn has(&self, path: &str) -> bool {
        find(path).is_some()
    }

    fn paths(&self) -> Vec<&'static str> {
        FILES.iter().map(|file| file.0).collect()
    }
}
