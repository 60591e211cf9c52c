//! The module `_termios`: the calls behind the library's `termios` (Python, in `python/`), which gives them their checks and
//! the names of the constants.

use std::os::fd::RawFd;

use nix::libc;
use nix::sys::termios::{self, FlowArg, FlushArg, SetArg, Termios};
use viv_runtime::modules::make::{ModuleSpec, add_int};
use viv_runtime::object::Bytes;
use viv_runtime::{MethodDef, Object, PyResult, Raised, Vm, protocol};
use viv_system::control;

use crate::posix::call;

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_termios",
    doc: "Terminals' attributes, for the module termios.",
    functions: &[FUNCTIONS],
    fill: |vm, module| {
        for (name, value) in CONSTANTS {
            add_int(vm, module, name, *value)?;
        }
        Ok(())
    },
};

macro_rules! constants {
    ($($name:ident)+) => {
        const CONSTANTS: &[(&str, i64)] = &[$((stringify!($name), libc::$name as i64)),+];
    };
}

constants! {
    B0 B50 B75 B110 B134 B150 B200 B300 B600 B1200 B1800 B2400 B4800 B9600 B19200 B38400 B57600 B115200 B230400 B460800
    B500000 B576000 B921600 B1000000 B1152000 B1500000 B2000000 B2500000 B3000000 B3500000 B4000000
    BRKINT BS0 BS1 BSDLY CBAUD CBAUDEX CIBAUD CLOCAL CR0 CR1 CR2 CR3 CRDLY CREAD CRTSCTS CS5 CS6 CS7 CS8 CSIZE CSTOPB
    ECHO ECHOCTL ECHOE ECHOK ECHOKE ECHONL ECHOPRT EXTA EXTB EXTPROC FF0 FF1 FFDLY FIOASYNC FIOCLEX FIONBIO FIONCLEX
    FIONREAD FLUSHO HUPCL ICANON ICRNL IEXTEN IGNBRK IGNCR IGNPAR IMAXBEL INLCR INPCK ISIG ISTRIP IUCLC IUTF8 IXANY IXOFF
    IXON NCCS NL0 NL1 NLDLY NOFLSH OCRNL OFDEL OFILL OLCUC ONLCR ONLRET ONOCR OPOST PARENB PARMRK PARODD PENDIN TAB0 TAB1
    TAB2 TAB3 TABDLY TCFLSH TCGETS TCIFLUSH TCIOFF TCIOFLUSH TCION TCOFLUSH TCOOFF TCOON TCSADRAIN TCSAFLUSH TCSANOW
    TCSBRK TCSBRKP TCSETS TCSETSF TCSETSW TCXONC TIOCCONS TIOCEXCL TIOCGPGRP TIOCGSERIAL TIOCGSOFTCAR TIOCGWINSZ TIOCINQ
    TIOCLINUX TIOCMBIC TIOCMBIS TIOCMGET TIOCMSET TIOCM_CAR TIOCM_CD TIOCM_CTS TIOCM_DSR TIOCM_DTR TIOCM_LE TIOCM_RI
    TIOCM_RNG TIOCM_RTS TIOCM_SR TIOCM_ST TIOCNOTTY TIOCNXCL TIOCOUTQ TIOCSCTTY TIOCSPGRP TIOCSSOFTCAR TIOCSTI TIOCSWINSZ
    TOSTOP VDISCARD VEOF VEOL VEOL2 VERASE VINTR VKILL VLNEXT VMIN VQUIT VREPRINT VSTART VSTOP VSUSP VSWTC VT0 VT1 VTDLY
    VTIME VWERASE XTABS
}

const FUNCTIONS: &[MethodDef] = &[
    call("get", 1, 1, |vm, _, a| {
        let mode: libc::termios = done(vm, termios::tcgetattr(fd(vm, a[0])?))?.into();
        let numbers = [
            mode.c_iflag,
            mode.c_oflag,
            mode.c_cflag,
            mode.c_lflag,
            mode.c_ispeed,
            mode.c_ospeed,
        ];
        let mut items = Vec::with_capacity(7);
        for number in numbers {
            items.push(vm.new_int(i64::from(number))?);
        }
        items.push(vm.new_bytes(&mode.c_cc)?.upcast());
        Ok(vm.new_tuple(items)?.upcast())
    }),
    call("set", 9, 9, set),
    call("sendbreak", 2, 2, |vm, _, a| {
        let duration = number(vm, a[1])?;
        none(vm, termios::tcsendbreak(fd(vm, a[0])?, duration))
    }),
    call("drain", 1, 1, |vm, _, a| {
        let fd = fd(vm, a[0])?;
        none(vm, vm.allow_threads(move || termios::tcdrain(fd)))
    }),
    call("flush", 2, 2, |vm, _, a| {
        let queue = match number(vm, a[1])? {
            libc::TCIFLUSH => FlushArg::TCIFLUSH,
            libc::TCOFLUSH => FlushArg::TCOFLUSH,
            libc::TCIOFLUSH => FlushArg::TCIOFLUSH,
            _ => return Err(failed(vm, nix::errno::Errno::EINVAL)),
        };
        none(vm, termios::tcflush(fd(vm, a[0])?, queue))
    }),
    call("flow", 2, 2, |vm, _, a| {
        let action = match number(vm, a[1])? {
            libc::TCOOFF => FlowArg::TCOOFF,
            libc::TCOON => FlowArg::TCOON,
            libc::TCIOFF => FlowArg::TCIOFF,
            libc::TCION => FlowArg::TCION,
            _ => return Err(failed(vm, nix::errno::Errno::EINVAL)),
        };
        none(vm, termios::tcflow(fd(vm, a[0])?, action))
    }),
    call("getwinsize", 1, 1, |vm, _, a| {
        let size = control::window_size(fd(vm, a[0])?);
        let (rows, columns) =
            size.map_err(|error| viv_runtime::modules::io::system::os_error(vm, &error, None))?;
        let items = vec![
            vm.new_int(i64::from(rows))?,
            vm.new_int(i64::from(columns))?,
        ];
        Ok(vm.new_tuple(items)?.upcast())
    }),
    call("setwinsize", 3, 3, |vm, _, a| {
        let word = |object: &Object| {
            u16::try_from(number(vm, object)?)
                .map_err(|_| vm.overflow_error("winsize value(s) out of range."))
        };
        let size = (word(a[1])?, word(a[2])?);
        match control::set_window_size(fd(vm, a[0])?, size) {
            Ok(()) => Ok(vm.none_ref()),
            Err(error) => Err(viv_runtime::modules::io::system::os_error(vm, &error, None)),
        }
    }),
];

fn number(vm: &Vm, object: &Object) -> PyResult<i32> {
    i32::try_from(protocol::to_i64(vm, object)?)
        .map_err(|_| vm.overflow_error("Python int too large to convert to C int"))
}

fn fd(vm: &Vm, object: &Object) -> PyResult<RawFd> {
    number(vm, object)
}

fn failed(vm: &Vm, error: nix::errno::Errno) -> Raised {
    viv_runtime::modules::io::system::os_error(vm, &error.into(), None)
}

fn done<T>(vm: &Vm, result: nix::Result<T>) -> PyResult<T> {
    result.map_err(|error| failed(vm, error))
}

fn none(vm: &Vm, result: nix::Result<()>) -> PyResult {
    done(vm, result)?;
    Ok(vm.none_ref())
}

/// `set(fd, when, iflag, oflag, cflag, lflag, ispeed, ospeed, cc)`
fn set(vm: &Vm, _: &Object, a: &[&Object]) -> PyResult {
    let fd = fd(vm, a[0])?;
    let when = match number(vm, a[1])? {
        libc::TCSANOW => SetArg::TCSANOW,
        libc::TCSADRAIN => SetArg::TCSADRAIN,
        libc::TCSAFLUSH => SetArg::TCSAFLUSH,
        _ => return Err(failed(vm, nix::errno::Errno::EINVAL)),
    };
    let mut mode: libc::termios = done(vm, termios::tcgetattr(fd))?.into();
    let word = |object: &Object| protocol::to_i64(vm, object).map(|n| n as libc::tcflag_t);
    mode.c_iflag = word(a[2])?;
    mode.c_oflag = word(a[3])?;
    mode.c_lflag = word(a[5])?;
    (mode.c_ispeed, mode.c_ospeed) = (word(a[6])?, word(a[7])?);
    // The speed's code stands among the flags, too.
    mode.c_cflag = word(a[4])? & !libc::CBAUD | mode.c_ospeed & libc::CBAUD;
    if let Some(characters) = a[8].downcast::<Bytes>() {
        for (place, byte) in mode.c_cc.iter_mut().zip(characters.as_slice()) {
            *place = *byte;
        }
    }
    let mode = Termios::from(mode);
    none(
        vm,
        vm.allow_threads(move || termios::tcsetattr(fd, when, &mode)),
    )
}
