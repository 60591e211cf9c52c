//! Pages of the program's own file.

/// Tells the system that a part of the program's read-only data need not stay in memory: it is read from the file again when
/// it is used next. Bytes that do not lie there are left alone, as are those at the ends that share a page with others.
pub fn leave(bytes: &'static [u8]) {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        const PAGE: usize = 4096;
        unsafe extern "C" {
            static __executable_start: u8;
            static etext: u8;
        }
        // What the linker puts from the one to the other is never written: headers, read-only data, code.
        let program = (&raw const __executable_start).addr()..(&raw const etext).addr();
        let start = bytes.as_ptr().addr().next_multiple_of(PAGE);
        let end = (bytes.as_ptr().addr() + bytes.len()) & !(PAGE - 1);
        if program.contains(&start) && start < end && end <= program.end {
            let first = bytes.as_ptr().wrapping_add(start - bytes.as_ptr().addr());
            // SAFETY: whole pages of a mapping of the program's file that nobody has written to: what is read from them
            // afterwards is what was there before.
            unsafe { libc::madvise(first.cast_mut().cast(), end - start, libc::MADV_DONTNEED) };
        }
    }
    #[cfg(not(all(target_os = "linux", target_env = "gnu")))]
    let _ = bytes;
}

#[cfg(test)]
mod tests {
    #[test]
    fn bytes_stay_what_they_are() {
        static TABLE: [u8; 1 << 16] = [7; 1 << 16];
        super::leave(&TABLE);
        assert!(TABLE.iter().all(|&byte| byte == 7));
        let own: &'static [u8] = Box::leak(vec![9; 1 << 16].into_boxed_slice());
        super::leave(own);
        assert!(own.iter().all(|&byte| byte == 9));
    }
}
