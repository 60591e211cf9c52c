# Sockets of the families that every machine has; addresses and ports that the system chooses are not shown.
import os
import select
import socket
import tempfile
import threading
import warnings


def attempt(action):
    try:
        print("=", action())
    except Exception as e:
        print(type(e).__name__, e)


# A server and a client.
server = socket.create_server(("127.0.0.1", 0))
print(server.family, server.type, server.proto, server.gettimeout(), server.getsockname()[0])


seen = []


def serve():
    connection, peer = server.accept()
    with connection:
        seen.append((peer[0], connection.getblocking(), connection.get_inheritable()))
        while data := connection.recv(1000):
            connection.sendall(data.upper())
        connection.shutdown(socket.SHUT_WR)


thread = threading.Thread(target=serve)
thread.start()
with socket.create_connection(server.getsockname(), timeout=10) as client:
    print(client.gettimeout(), client.getpeername() == server.getsockname())
    client.sendall(b"hello ")
    client.send(bytearray(b"world"))
    got = bytearray(20)
    view = memoryview(got)
    size = 0
    while size < 11:
        size += client.recv_into(view[size:])
    print(size, got)
    client.shutdown(socket.SHUT_WR)
    print(client.recv(10))
thread.join()
print(seen)
print(client.fileno(), server.close(), server.fileno())
attempt(lambda: server.recv(1))

# Two ends, files over them, timeouts.
a, b = socket.socketpair()
print(a.family, a.type)
a.settimeout(0.01)
attempt(lambda: a.recv(1))
a.setblocking(False)
attempt(lambda: a.recv(1))
print(a.gettimeout(), a.timeout, b.timeout)
with b.makefile("rw", encoding="utf-8", newline="\n") as text:
    a.sendall("erste Zeile ä\nzweite\n".encode())
    print(text.readline(), text.readline(), sep="", end="")
    text.write("back\n")
    text.flush()
    print(a.recv(100))
print(select.select([a], [a], [], 0) == ([], [a], []))
poll = select.poll()
poll.register(a, select.POLLIN | select.POLLOUT)
print(poll.poll(0) == [(a.fileno(), select.POLLOUT)])
with select.epoll() as epoll:
    epoll.register(a, select.EPOLLIN)
    print(epoll.poll(0))
    b.send(b"x")
    print(epoll.poll(1) == [(a.fileno(), select.EPOLLIN)], epoll.closed)
    epoll.modify(a, select.EPOLLOUT)
    print(epoll.poll(1, 1) == [(a.fileno(), select.EPOLLOUT)])
    epoll.unregister(a.fileno())
    attempt(lambda: epoll.unregister(a))
print(epoll.closed)
attempt(epoll.fileno)
print(a.recv(5, socket.MSG_PEEK), a.recv(5))

# Messages with descriptors.
read, write = os.pipe()
socket.send_fds(a, [b"here ", b"it is"], [write])
b.setblocking(True)
data, fds, flags, address = socket.recv_fds(b, 100, 2)
print(data, len(fds), flags, address)
os.write(fds[0], b"through the copy")
print(os.read(read, 100))
for fd in (read, write, *fds):
    os.close(fd)
print(a.sendmsg([b"1", b"23"]), b.recvmsg(2), b.recvmsg_into([bytearray(5)]))
attempt(lambda: a.sendmsg([b"x"], [(1, 2)]))
attempt(lambda: a.sendmsg(5))
print(socket.CMSG_LEN(4), socket.CMSG_SPACE(4))
a.close()
print(b.recv(1))
b.close()

# Datagrams.
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one, socket.socket(type=socket.SOCK_DGRAM) as two:
    one.bind(("127.0.0.1", 0))
    two.bind(("localhost", 0))
    print(one.sendto(b"data", two.getsockname()))
    print(two.recvfrom(10) == (b"data", one.getsockname()))
    two.connect(one.getsockname())
    two.send(b"more")
    buffer = bytearray(6)
    size, peer = one.recvfrom_into(buffer)
    print(size, buffer, peer == two.getsockname())

# Unix sockets.
with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listener:
    path = os.path.join(folder, "socket")
    listener.bind(path)
    listener.listen()
    print(listener.getsockname() == path)
    with socket.socket(socket.AF_UNIX) as client:
        print(client.connect_ex(path), client.getsockname(), client.getpeername() == path)
    attempt(lambda: listener.bind("x" * 200))
with socket.socket(socket.AF_UNIX) as hidden:
    hidden.bind(b"\0vivarium-%d" % os.getpid())
    print(hidden.getsockname() == b"\0vivarium-%d" % os.getpid())

# Options.
with socket.socket() as s:
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    print(s.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR), s.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE))
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\5\0\0\0")
    print(s.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8))
    attempt(lambda: s.setsockopt(1, 2))
    attempt(lambda: s.getsockopt(1, 2, 5000))
    attempt(lambda: s.getpeername())
    attempt(lambda: s.connect(("127.0.0.1", 1)))
    attempt(lambda: s.connect(5))
    attempt(lambda: s.bind(("127.0.0.1", 70000)))
    attempt(lambda: s.settimeout(-1))
    attempt(lambda: s.recv(-1))
    attempt(lambda: s.recv())
    attempt(lambda: s.recv_into(b"abc"))
    print(s.detach() >= 0, s.fileno())

# Names and numbers.
print(socket.inet_aton("127.1"), socket.inet_ntoa(b"\1\2\3\4"), socket.inet_pton(socket.AF_INET6, "::1"))
print(socket.inet_ntop(socket.AF_INET6, b"\x20\1" + bytes(13) + b"\1"), socket.htons(1), socket.ntohl(1))
attempt(lambda: socket.inet_aton("1.2.3.4.5"))
attempt(lambda: socket.inet_pton(socket.AF_INET, "1.2"))
attempt(lambda: socket.htons(1 << 16))
attempt(lambda: socket.ntohl(-1))
print(socket.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM))
print(socket.gethostbyname("localhost"), socket.getnameinfo(("127.0.0.1", 80), 3))
print(issubclass(socket.gaierror, OSError), socket.timeout, socket.error, socket.gaierror.__mro__)
attempt(lambda: socket.getaddrinfo("localhost", "no such service"))
print(socket.getdefaulttimeout(), socket.setdefaulttimeout(3))
with socket.socket() as s:
    print(s.gettimeout())
socket.setdefaulttimeout(None)

# One that is given up.
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    socket.socket()
    print(len(seen), seen[0].category.__name__)
