"""What the system offers, for the module os."""

import _posix
from _posix import (
    DirEntry,
    _path_normpath,
    _path_splitroot_ex,
    access,
    chdir,
    fspath,
    fstat,
    listdir,
    lstat,
    mkdir,
    readlink,
    remove,
    rename,
    replace,
    rmdir,
    scandir,
    stat,
    stat_result,
    unlink,
)

error = OSError

F_OK, X_OK, W_OK, R_OK = 0, 1, 2, 4
O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_NOCTTY, O_TRUNC = 0, 1, 2, 0o100, 0o200, 0o400, 0o1000
O_APPEND, O_NONBLOCK, O_DSYNC, O_SYNC, O_DIRECTORY, O_NOFOLLOW, O_CLOEXEC = (
    0o2000,
    0o4000,
    0o10000,
    0o4010000,
    0o200000,
    0o400000,
    0o2000000,
)
EX_OK, EX_USAGE, EX_DATAERR, EX_NOINPUT, EX_SOFTWARE, EX_OSERR, EX_IOERR = 0, 64, 65, 66, 70, 71, 74
WNOHANG, WUNTRACED, WCONTINUED = 1, 2, 8
P_ALL, P_PID, P_PGID = 0, 1, 2
NGROUPS_MAX = 65536
TMP_MAX = 238328
SEEK_DATA, SEEK_HOLE = 3, 4

_have_functions = ["HAVE_UTIMENSAT"]

environ = dict(_posix.environ())


class _Record(tuple):
    """A tuple whose items have names; those behind the `_visible` first ones are reached by name alone."""

    __slots__ = ()
    _fields = ()
    _visible = 0

    def __new__(cls, values):
        values = tuple(values)
        if len(values) < cls._visible:
            raise TypeError(f"{cls.__module__}.{cls.__name__}() takes a {cls._visible}-sequence at least")
        return tuple.__new__(cls, values[: cls._visible])

    def __repr__(self):
        items = ", ".join(f"{n}={v!r}" for n, v in zip(self._fields, self))
        return f"{type(self).__module__}.{type(self).__name__}({items})"

    def __reduce__(self):
        return type(self), (tuple(self),)


def _record(name, fields, module="posix"):
    namespace = {"_fields": fields, "_visible": len(fields), "__slots__": (), "__module__": module}
    namespace["n_fields"] = namespace["n_sequence_fields"] = len(fields)
    namespace["n_unnamed_fields"] = 0
    for i, field in enumerate(fields):
        namespace[field] = property(lambda self, i=i: self[i])
    namespace["__match_args__"] = fields
    return type(_Record)(name, (_Record,), namespace)


terminal_size = _record("terminal_size", ("columns", "lines"), "os")
uname_result = _record("uname_result", ("sysname", "nodename", "release", "version", "machine"))
times_result = _record("times_result", ("user", "system", "children_user", "children_system", "elapsed"))


def _path(function, path):
    if not isinstance(path, (str, bytes)):
        if not hasattr(type(path), "__fspath__"):
            raise TypeError(f"{function}: path should be string, bytes or os.PathLike, not {type(path).__name__}")
        path = fspath(path)
    return path.decode("utf-8", "surrogateescape") if isinstance(path, bytes) else path


def _no_dir_fd(dir_fd):
    if dir_fd is not None:
        raise NotImplementedError("dir_fd unavailable on this platform")


def link(src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=True):
    """Create a hard link to a file."""
    _posix.link(_path("link", src), _path("link", dst))


def symlink(src, dst, target_is_directory=False, *, dir_fd=None):
    """Create a symbolic link pointing to src named dst."""
    _no_dir_fd(dir_fd)
    _posix.symlink(_path("symlink", src), _path("symlink", dst))


def chmod(path, mode, *, dir_fd=None, follow_symlinks=True):
    """Change the access permissions of a file."""
    _no_dir_fd(dir_fd)
    _posix.chmod(_path("chmod", path), mode)


def chown(path, uid, gid, *, dir_fd=None, follow_symlinks=True):
    """Change the owner and group id of path to the numeric uid and gid."""
    _no_dir_fd(dir_fd)
    if isinstance(path, int):
        _posix.fchown(path, uid, gid)
    else:
        _posix.chown(_path("chown", path), uid, gid, follow_symlinks)


def lchown(path, uid, gid):
    """Change the owner and group id of path, which may be a symbolic link itself."""
    _posix.chown(_path("lchown", path), uid, gid, False)


def fchown(fd, uid, gid):
    """Change the owner and group id of the file specified by file descriptor."""
    _posix.fchown(fd, uid, gid)


def mkfifo(path, mode=0o666, *, dir_fd=None):
    """Create a "fifo" (a POSIX named pipe)."""
    _no_dir_fd(dir_fd)
    _posix.mkfifo(_path("mkfifo", path), mode)


def utime(path, times=None, *, ns=None, dir_fd=None, follow_symlinks=True):
    """Set the access and modified time of path."""
    _no_dir_fd(dir_fd)
    if times is not None and ns is not None:
        raise ValueError("utime: you may specify either 'times' or 'ns' but not both")
    if times is not None:
        accessed, modified = (int(t * 10**9) for t in times)
    elif ns is not None:
        accessed, modified = ns
    else:
        import time

        accessed = modified = time.time_ns()
    _posix.utime(_path("utime", path), accessed, modified)


def truncate(path, length):
    """Truncate a file, specified by path, to a specific length."""
    fd = path if isinstance(path, int) else open(path, O_WRONLY)
    try:
        _posix.ftruncate(fd, length)
    finally:
        if fd is not path:
            close(fd)


def open(path, flags, mode=0o777, *, dir_fd=None):
    """Open a file for low level IO.  Returns a file descriptor (integer)."""
    _no_dir_fd(dir_fd)
    return _posix.open(_path("open", path), flags, mode)


def write(fd, data, /):
    """Write a bytes object to a file descriptor."""
    return _posix.write(fd, data if type(data) is bytes else bytes(data))


def readinto(fd, buffer, /):
    """Read into a buffer object from a file descriptor."""
    view = memoryview(buffer).cast("B")
    data = read(fd, len(view))
    view[: len(data)] = data
    return len(data)


close, read, lseek, ftruncate, fsync = _posix.close, _posix.read, _posix.lseek, _posix.ftruncate, _posix.fsync
fdatasync = fsync
pipe, isatty, getcwd, getpid, getppid, kill = (
    _posix.pipe,
    _posix.isatty,
    _posix.getcwd,
    _posix.getpid,
    _posix.getppid,
    _posix.kill,
)
umask, cpu_count, strerror, _exit = (
    _posix.umask,
    _posix.cpu_count,
    _posix.strerror,
    _posix._exit,
)


def dup(fd, /):
    """Return a duplicate of a file descriptor."""
    new = _posix.dup(fd)
    set_inheritable(new, False)
    return new


def dup2(fd, fd2, inheritable=True):
    """Duplicate file descriptor."""
    new = _posix.dup2(fd, fd2)
    if not inheritable:
        set_inheritable(new, False)
    return new


def getcwdb():
    """Return a bytes string representing the current working directory."""
    return getcwd().encode("utf-8", "surrogateescape")


def getuid():
    """Return the current process's user id."""
    return _posix.getids()[0]


def geteuid():
    """Return the current process's effective user id."""
    return _posix.getids()[1]


def getgid():
    """Return the current process's group id."""
    return _posix.getids()[2]


def getegid():
    """Return the current process's effective group id."""
    return _posix.getids()[3]


def uname():
    """Return an object identifying the current operating system."""
    return uname_result(_posix.uname())


def _name(value):
    if not isinstance(value, (str, bytes)):
        raise TypeError(f"expected str, bytes or os.PathLike object, not {type(value).__name__}")
    return value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value


def putenv(name, value, /):
    """Change or add an environment variable."""
    _posix.putenv(_name(name), _name(value))


def unsetenv(name, /):
    """Delete an environment variable."""
    _posix.unsetenv(_name(name))


def urandom(size, /):
    """Return a bytes object containing random bytes suitable for cryptographic use."""
    return _posix.urandom(size)


def getrandom(size, flags=0):
    """Obtain a series of random bytes."""
    return _posix.urandom(size)


def waitpid(pid, options, /):
    """Wait for completion of a given child process.  Returns (pid, status)."""
    return _posix.waitpid(pid, options)


def wait():
    """Wait for completion of a child process.  Returns (pid, status)."""
    return _posix.waitpid(-1, 0)


killpg, getpgid, setpgid, getsid, setsid = (
    _posix.killpg,
    _posix.getpgid,
    _posix.setpgid,
    _posix.getsid,
    _posix.setsid,
)
get_inheritable, set_inheritable = _posix.get_inheritable, _posix.set_inheritable


def getpgrp():
    """Return the current process group id."""
    return getpgid(0)


def setpgrp():
    """Make the current process the leader of its process group."""
    setpgid(0, 0)


def system(command):
    """Execute the command in a subshell."""
    import subprocess

    code = subprocess.call(command, shell=True, close_fds=False)
    return code << 8 if code >= 0 else -code


def abort():
    """Abort the interpreter immediately."""
    kill(getpid(), 6)


def closerange(fd_low, fd_high, /):
    """Closes all file descriptors in [fd_low, fd_high), ignoring errors."""
    for fd in range(fd_low, fd_high):
        try:
            close(fd)
        except OSError:
            pass


def WIFEXITED(status):
    return status & 0x7F == 0


def WEXITSTATUS(status):
    return status >> 8 & 0xFF


def WIFSIGNALED(status):
    return status & 0x7F not in (0, 0x7F)


def WIFSTOPPED(status):
    return status & 0xFF == 0x7F


def WSTOPSIG(status):
    return status >> 8 & 0xFF


def WIFCONTINUED(status):
    return status == 0xFFFF


def WCOREDUMP(status):
    return status & 0x80 != 0


def WTERMSIG(status):
    return status & 0x7F


def waitstatus_to_exitcode(status):
    """Convert a wait status to an exit code."""
    return WEXITSTATUS(status) if WIFEXITED(status) else -WTERMSIG(status)


def device_encoding(fd):
    """The encoding of a terminal, None for anything else."""
    return "utf-8" if isatty(fd) else None


get_blocking, set_blocking = _posix.get_blocking, _posix.set_blocking


_before_fork, _after_in_child, _after_in_parent = [], [], []


def register_at_fork(*, before=_posix, after_in_child=_posix, after_in_parent=_posix):
    """Register callables to be called when forking a new process."""
    given = [
        (name, function, functions)
        for name, function, functions in (
            ("before", before, _before_fork),
            ("after_in_child", after_in_child, _after_in_child),
            ("after_in_parent", after_in_parent, _after_in_parent),
        )
        if function is not _posix
    ]
    if not given:
        raise TypeError("At least one argument is required.")
    for name, function, _ in given:
        if not callable(function):
            raise TypeError(f"'{name}' must be callable, not {type(function).__name__}")
    if not (_before_fork or _after_in_child or _after_in_parent):
        from atexit import register

        # Else they would keep the namespaces of their modules from going with these.
        register(_forget_fork_functions)
    for _, function, functions in given:
        functions.append(function)


def _forget_fork_functions():
    for functions in (_before_fork, _after_in_child, _after_in_parent):
        functions.clear()


def _fork(name):
    from _imp import acquire_lock, release_lock
    from sys import audit

    audit(f"os.{name}")
    for function in reversed(_before_fork):
        _posix.call_at_fork(function)
    # An import that is on its way in another thread ends first.
    acquire_lock()
    try:
        pid = None
        pid = _posix.fork()
    finally:
        release_lock()
        for function in _after_in_parent if pid != 0 else _after_in_child:
            _posix.call_at_fork(function)
    if pid and _thread_count() > 1:
        from warnings import warn

        warn(
            f"This process (pid={getpid()}) is multi-threaded, use of {name}() may lead to deadlocks in the child.",
            DeprecationWarning,
            stacklevel=3,
        )
    return pid


def _thread_count():
    """The number of this process's threads, as the system counts them."""
    try:
        file = _posix.open("/proc/self/stat", O_RDONLY | O_CLOEXEC, 0)
    except OSError:
        return 0
    try:
        # The name of the program is in parentheses, and may have spaces and more of them.
        return int(read(file, 4096).rpartition(b")")[2].split()[17])
    finally:
        close(file)


def fork():
    """Fork a child process.

    Return 0 to child process and PID of child to parent process."""
    return _fork("fork")


def openpty():
    """Open a pseudo-terminal: a tuple of (master_fd, slave_fd)."""
    return _posix.openpty()


def login_tty(fd, /):
    """Make a terminal the controlling one and the standard streams of this process, which begins a session."""
    _posix.take_terminal(fd)


def forkpty():
    """Fork a new process with a new pseudo-terminal as controlling tty.

    Returns a tuple of (pid, master_fd).  Like fork(), return pid of 0 to the child process, and pid of child to the
    parent process.  To both, return fd of newly opened pseudo-terminal."""
    master, slave = _posix.openpty()
    try:
        pid = _fork("forkpty")
    except OSError:
        close(master)
        close(slave)
        raise
    if pid:
        close(slave)
        return pid, master
    close(master)
    _posix.take_terminal(slave)
    return 0, -1


def sched_yield():
    """Voluntarily relinquish the CPU."""
    _posix.sched_yield()


sysconf_names = {
    "SC_ARG_MAX": 0, "SC_CHILD_MAX": 1, "SC_CLK_TCK": 2, "SC_NGROUPS_MAX": 3, "SC_OPEN_MAX": 4, "SC_STREAM_MAX": 5,
    "SC_TZNAME_MAX": 6, "SC_JOB_CONTROL": 7, "SC_SAVED_IDS": 8, "SC_REALTIME_SIGNALS": 9,
    "SC_PRIORITY_SCHEDULING": 10, "SC_TIMERS": 11, "SC_ASYNCHRONOUS_IO": 12, "SC_PRIORITIZED_IO": 13,
    "SC_SYNCHRONIZED_IO": 14, "SC_FSYNC": 15, "SC_MAPPED_FILES": 16, "SC_MEMLOCK": 17, "SC_MEMLOCK_RANGE": 18,
    "SC_MEMORY_PROTECTION": 19, "SC_MESSAGE_PASSING": 20, "SC_SEMAPHORES": 21, "SC_SHARED_MEMORY_OBJECTS": 22,
    "SC_AIO_LISTIO_MAX": 23, "SC_AIO_MAX": 24, "SC_AIO_PRIO_DELTA_MAX": 25, "SC_DELAYTIMER_MAX": 26,
    "SC_MQ_OPEN_MAX": 27, "SC_MQ_PRIO_MAX": 28, "SC_VERSION": 29, "SC_PAGESIZE": 30, "SC_PAGE_SIZE": 30,
    "SC_RTSIG_MAX": 31, "SC_SEM_NSEMS_MAX": 32, "SC_SEM_VALUE_MAX": 33, "SC_SIGQUEUE_MAX": 34, "SC_TIMER_MAX": 35,
    "SC_BC_BASE_MAX": 36, "SC_BC_DIM_MAX": 37, "SC_BC_SCALE_MAX": 38, "SC_BC_STRING_MAX": 39,
    "SC_COLL_WEIGHTS_MAX": 40, "SC_EQUIV_CLASS_MAX": 41, "SC_EXPR_NEST_MAX": 42, "SC_LINE_MAX": 43,
    "SC_RE_DUP_MAX": 44, "SC_CHARCLASS_NAME_MAX": 45, "SC_2_VERSION": 46, "SC_2_C_BIND": 47, "SC_2_C_DEV": 48,
    "SC_2_FORT_DEV": 49, "SC_2_FORT_RUN": 50, "SC_2_SW_DEV": 51, "SC_2_LOCALEDEF": 52, "SC_PII": 53, "SC_PII_XTI": 54,
    "SC_PII_SOCKET": 55, "SC_PII_INTERNET": 56, "SC_PII_OSI": 57, "SC_POLL": 58, "SC_SELECT": 59, "SC_IOV_MAX": 60,
    "SC_UIO_MAXIOV": 60, "SC_PII_INTERNET_STREAM": 61, "SC_PII_INTERNET_DGRAM": 62, "SC_PII_OSI_COTS": 63,
    "SC_PII_OSI_CLTS": 64, "SC_PII_OSI_M": 65, "SC_T_IOV_MAX": 66, "SC_THREADS": 67, "SC_THREAD_SAFE_FUNCTIONS": 68,
    "SC_GETGR_R_SIZE_MAX": 69, "SC_GETPW_R_SIZE_MAX": 70, "SC_LOGIN_NAME_MAX": 71, "SC_TTY_NAME_MAX": 72,
    "SC_THREAD_DESTRUCTOR_ITERATIONS": 73, "SC_THREAD_KEYS_MAX": 74, "SC_THREAD_STACK_MIN": 75,
    "SC_THREAD_THREADS_MAX": 76, "SC_THREAD_ATTR_STACKADDR": 77, "SC_THREAD_ATTR_STACKSIZE": 78,
    "SC_THREAD_PRIORITY_SCHEDULING": 79, "SC_THREAD_PRIO_INHERIT": 80, "SC_THREAD_PRIO_PROTECT": 81,
    "SC_THREAD_PROCESS_SHARED": 82, "SC_NPROCESSORS_CONF": 83, "SC_NPROCESSORS_ONLN": 84, "SC_PHYS_PAGES": 85,
    "SC_AVPHYS_PAGES": 86, "SC_ATEXIT_MAX": 87, "SC_PASS_MAX": 88, "SC_XOPEN_VERSION": 89, "SC_XOPEN_XCU_VERSION": 90,
    "SC_XOPEN_UNIX": 91, "SC_XOPEN_CRYPT": 92, "SC_XOPEN_ENH_I18N": 93, "SC_XOPEN_SHM": 94, "SC_2_CHAR_TERM": 95,
    "SC_2_C_VERSION": 96, "SC_2_UPE": 97, "SC_XOPEN_XPG2": 98, "SC_XOPEN_XPG3": 99, "SC_XOPEN_XPG4": 100,
    "SC_CHAR_BIT": 101, "SC_CHAR_MAX": 102, "SC_CHAR_MIN": 103, "SC_INT_MAX": 104, "SC_INT_MIN": 105,
    "SC_LONG_BIT": 106, "SC_WORD_BIT": 107, "SC_MB_LEN_MAX": 108, "SC_NZERO": 109, "SC_SSIZE_MAX": 110,
    "SC_SCHAR_MAX": 111, "SC_SCHAR_MIN": 112, "SC_SHRT_MAX": 113, "SC_SHRT_MIN": 114, "SC_UCHAR_MAX": 115,
    "SC_UINT_MAX": 116, "SC_ULONG_MAX": 117, "SC_USHRT_MAX": 118, "SC_NL_ARGMAX": 119, "SC_NL_LANGMAX": 120,
    "SC_NL_MSGMAX": 121, "SC_NL_NMAX": 122, "SC_NL_SETMAX": 123, "SC_NL_TEXTMAX": 124, "SC_XBS5_ILP32_OFF32": 125,
    "SC_XBS5_ILP32_OFFBIG": 126, "SC_XBS5_LP64_OFF64": 127, "SC_XBS5_LPBIG_OFFBIG": 128, "SC_XOPEN_LEGACY": 129,
    "SC_XOPEN_REALTIME": 130, "SC_XOPEN_REALTIME_THREADS": 131, "SC_MINSIGSTKSZ": 249,
}


def sysconf(name, /):
    """Return an integer-valued system configuration variable."""
    if isinstance(name, str):
        if name not in sysconf_names:
            raise ValueError("unrecognized configuration name")
        name = sysconf_names[name]
    elif not isinstance(name, int):
        raise TypeError("configuration names must be strings or integers")
    return _posix.sysconf(name)


def sendfile(out_fd, in_fd, offset, count):
    """Copy count bytes from file descriptor in_fd to file descriptor out_fd; an offset of None is that of the file."""
    return _posix.sendfile(out_fd, in_fd, -1 if offset is None else offset, count)


def pipe2(flags, /):
    """Create a pipe with flags set atomically: a tuple of (read_fd, write_fd)."""
    return _posix.pipe2(flags)


PIDFD_NONBLOCK = O_NONBLOCK


def pidfd_open(pid, flags=0):
    """Return a file descriptor referring to the process *pid*."""
    return _posix.pidfd_open(pid, flags)


WEXITED, WSTOPPED, WNOWAIT = 4, 2, 0x1000000
P_PIDFD = 3
CLD_EXITED, CLD_KILLED, CLD_DUMPED, CLD_TRAPPED, CLD_STOPPED, CLD_CONTINUED = 1, 2, 3, 4, 5, 6
waitid_result = _record("waitid_result", ("si_pid", "si_uid", "si_signo", "si_status", "si_code"))


def waitid(idtype, id, options, /):
    """Wait for a process or processes: a waitid_result, or None where nothing has happened."""
    result = _posix.waitid(idtype, id, options)
    return None if result is None else waitid_result(result)


def wait3(options):
    """Wait for completion of a child process: a tuple of (pid, status, rusage)."""
    return wait4(-1, options)


def wait4(pid, options):
    """Wait for completion of a specific child process: a tuple of (pid, status, rusage)."""
    from resource import RUSAGE_CHILDREN, getrusage

    before = getrusage(RUSAGE_CHILDREN)
    pid, status = _posix.waitpid(pid, options)
    after = getrusage(RUSAGE_CHILDREN)
    # What the children have used together, less what they had used before.
    used = [now - then if pid else 0 for then, now in zip(before, after)]
    used[2] = after[2] if pid else 0
    return pid, status, type(after)(used)


def _is_inputhook_installed():
    """Checks if PyOS_InputHook is set: only code in C could, and none is loaded."""
    return False
