//! Modules of CPython that are not here, each with the reason that a failed import gives.

/// Why there is no such module.
pub fn why(name: &str) -> Option<&'static str> {
    let top = name.split('.').next().unwrap_or_default();
    ABSENT
        .iter()
        .find(|(names, _)| names.contains(&top))
        .map(|(_, reason)| *reason)
}

const ABSENT: &[(&[&str], &str)] = &[
    (
        &[
            "_sqlite3", "_ssl", "_hashlib", "_lzma", "_zstd", "_dbm", "_gdbm", "readline", "_uuid",
        ],
        "this interpreter does not link the C library that it wraps",
    ),
    (&["_ctypes_test"], "this interpreter has no C interface"),
    (
        &["pyexpat", "_elementtree"],
        "this interpreter has no XML parser",
    ),
    (
        &["_curses", "_curses_panel"],
        "this interpreter does not drive terminals",
    ),
    (
        &["tkinter", "_tkinter", "turtle", "turtledemo", "idlelib"],
        "this interpreter has no windows to draw in",
    ),
    (
        &["ensurepip", "venv"],
        "this interpreter has no installation to copy: it is one program",
    ),
    (
        &["mmap", "_posixshmem", "_multiprocessing"],
        "this interpreter does not share memory with other processes",
    ),
    (
        &["_lsprof", "_remote_debugging"],
        "this interpreter keeps no such records of calls; the module profile does",
    ),
    (
        &["_interpchannels"],
        "there are no channels between interpreters here",
    ),
    (
        &[
            "_codecs_cn",
            "_codecs_hk",
            "_codecs_iso2022",
            "_codecs_jp",
            "_codecs_kr",
            "_codecs_tw",
            "_multibytecodec",
        ],
        "this interpreter has no tables of the East Asian encodings",
    ),
    (
        &[
            "_testcapi",
            "_testinternalcapi",
            "_testlimitedcapi",
            "_testbuffer",
            "_testmultiphase",
            "_testsinglephase",
            "_xxtestfuzz",
            "xxlimited",
            "xxlimited_35",
            "xxsubtype",
        ],
        "it tests the C interface, which this interpreter does not have",
    ),
    (
        &["syslog"],
        "this interpreter has no safe binding of the system's log",
    ),
    (
        &[
            "nt",
            "winreg",
            "winsound",
            "msvcrt",
            "_winapi",
            "_wmi",
            "_overlapped",
            "_scproxy",
        ],
        "it belongs to another system",
    ),
];
