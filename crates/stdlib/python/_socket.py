"""The constants and errors of sockets; sockets themselves are not available in this interpreter, which is said when one is
made.  The module is there because much of the library imports it without ever opening a connection."""

has_ipv6 = False
AF_INET, AF_INET6, AF_UNIX, AF_UNSPEC, AI_PASSIVE, IPPROTO_IPV6 = 2, 10, 1, 0, 1, 41
IPPROTO_TCP, IPPROTO_UDP, IPPROTO_IP, IPPROTO_ICMP, IPV6_V6ONLY, SHUT_RD = 6, 17, 0, 1, 26, 0
SHUT_RDWR, SHUT_WR, SOCK_DGRAM, SOCK_RAW, SOCK_STREAM, SOCK_CLOEXEC = 2, 1, 2, 3, 1, 524288
SOCK_NONBLOCK, SOL_SOCKET, SO_BROADCAST, SO_ERROR, SO_KEEPALIVE, SO_REUSEADDR = 2048, 1, 6, 4, 9, 2
SO_REUSEPORT, SO_TYPE, SO_LINGER, SO_RCVBUF, SO_SNDBUF, TCP_NODELAY = 15, 3, 13, 8, 7, 1
SOMAXCONN, NI_NUMERICHOST, NI_NUMERICSERV, AI_NUMERICHOST, AI_CANONNAME, EAI_NONAME = 4096, 1, 2, 4, 2, -2
EAI_FAMILY, EAI_SERVICE, MSG_PEEK, MSG_DONTWAIT, MSG_WAITALL, MSG_OOB = -6, -8, 2, 64, 256, 1
INADDR_ANY, INADDR_LOOPBACK, INADDR_BROADCAST = 0, 2130706433, 4294967295

error, timeout = OSError, TimeoutError
CAPI = None


class herror(OSError):
    """A host's address could not be found."""


class gaierror(OSError):
    """An address could not be resolved."""


herror.__module__ = gaierror.__module__ = "socket"
_timeout = None


def _unavailable(what):
    return OSError(97, f"{what}: sockets are not available in this interpreter")


class socket:
    """Sockets are not available."""

    __slots__ = ()

    def __init__(self, family=-1, type=-1, proto=-1, fileno=None):
        raise _unavailable("socket()")


SocketType = socket


def getdefaulttimeout():
    """The timeout of new sockets."""
    return _timeout


def setdefaulttimeout(timeout, /):
    """Sets the timeout of new sockets."""
    global _timeout
    _timeout = timeout if timeout is None else float(timeout)


def gethostname():
    """The name of this machine."""
    import posix

    return posix.uname().nodename


def _missing(name):
    def function(*args, **kwargs):
        raise _unavailable(f"{name}()")

    function.__name__ = function.__qualname__ = name
    return function


for _name in (
    "close dup getaddrinfo gethostbyaddr gethostbyname gethostbyname_ex getnameinfo getprotobyname getservbyname "
    "getservbyport if_indextoname if_nameindex if_nametoindex inet_aton inet_ntoa inet_ntop inet_pton sethostname socketpair"
).split():
    globals()[_name] = _missing(_name)


def htons(x, /):
    """Convert a 16-bit unsigned integer from host to network byte order."""
    return int.from_bytes(x.to_bytes(2, "little"), "big")


def htonl(x, /):
    """Convert a 32-bit integer from host to network byte order."""
    return int.from_bytes(x.to_bytes(4, "little"), "big")


ntohs, ntohl = htons, htonl
