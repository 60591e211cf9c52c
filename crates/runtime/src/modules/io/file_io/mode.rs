//! The letters of a raw file's mode.

use viv_host::fd::OpenFlags;

use crate::result::PyResult;
use crate::vm::Vm;

/// How a file was opened.
#[derive(Clone, Copy, Default)]
pub struct Mode {
    /// It may be read.
    pub readable: bool,
    /// It may be written.
    pub writable: bool,
    pub(super) created: bool,
    pub(super) appending: bool,
}

impl Mode {
    /// The mode and the flags that letters stand for.
    ///
    /// # Errors
    /// ValueError
    pub(super) fn parse(vm: &Vm, text: &str) -> PyResult<(Mode, OpenFlags)> {
        let mut mode = Mode::default();
        let mut flags = OpenFlags::O_CLOEXEC;
        let (mut kinds, mut plus) = (0, 0);
        for c in text.chars() {
            match c {
                'x' => {
                    mode.created = true;
                    flags |= OpenFlags::O_EXCL | OpenFlags::O_CREAT;
                }
                'r' => mode.readable = true,
                'w' => flags |= OpenFlags::O_CREAT | OpenFlags::O_TRUNC,
                'a' => {
                    mode.appending = true;
                    flags |= OpenFlags::O_APPEND | OpenFlags::O_CREAT;
                }
                'b' => continue,
                '+' => {
                    plus += 1;
                    continue;
                }
                _ => return Err(vm.value_error(format!("invalid mode: {text}"))),
            }
            mode.writable |= c != 'r';
            kinds += 1;
        }
        if kinds != 1 || plus > 1 {
            return Err(vm.value_error(
                "Must have exactly one of create/read/write/append mode and at most one plus",
            ));
        }
        if plus == 1 {
            mode.readable = true;
            mode.writable = true;
        }
        flags |= match (mode.readable, mode.writable) {
            (true, true) => OpenFlags::O_RDWR,
            (true, false) => OpenFlags::O_RDONLY,
            _ => OpenFlags::O_WRONLY,
        };
        Ok((mode, flags))
    }

    /// The attribute `mode`.
    pub(super) fn text(self) -> &'static str {
        match (self.created, self.appending, self.readable, self.writable) {
            (true, _, true, _) => "xb+",
            (true, ..) => "xb",
            (_, true, true, _) => "ab+",
            (_, true, ..) => "ab",
            (_, _, true, true) => "rb+",
            (_, _, true, _) => "rb",
            _ => "wb",
        }
    }
}
