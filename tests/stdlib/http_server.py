# A server of the library in threads of this process, asked by its client.
import http.client
import http.server
import json
import threading
import urllib.error
import urllib.request


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/missing":
            self.send_error(404, "not here")
            return
        body = json.dumps({"path": self.path, "agent": self.headers["X-Agent"]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for part in (body[::-1], b"end"):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *args):
        pass


with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(url + "/some/where?x=1", headers={"X-Agent": "a test"})
    with opener.open(request) as answer:
        print(answer.status, answer.headers["Content-Type"], json.load(answer))
    try:
        opener.open(url + "/missing")
    except urllib.error.HTTPError as e:
        print(e.code, e.reason, b"not here" in e.read())
        e.close()
    with opener.open(url, data=b"text that is sent") as answer:
        print(answer.status, answer.read())

    # Several requests over one connection, then many connections at once.
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port)
    for n in range(3):
        connection.request("GET", f"/{n}")
        answer = connection.getresponse()
        print(answer.status, json.loads(answer.read())["path"])
    connection.close()
    results = [None] * 8

    def ask(n):
        with opener.open(f"{url}/{n}") as answer:
            results[n] = json.load(answer)["path"]

    clients = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    print(results)
    server.shutdown()
    thread.join()
