"""A server of the organisation: passes on what it is asked for, and tells who asked for what. Waits for its certificate."""
import http.server
import os
import ssl
import sys
import time
import urllib.error
import urllib.request
from urllib.parse import urlsplit

INDEX = os.environ["INDEX"]
UPSTREAM = {"debian": "http://deb.debian.org", "debian-security": "http://deb.debian.org", "simple": INDEX.rsplit("/simple", 1)[0]}


class Mirror(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        part = self.path.split("/")[1]
        if self.path == "/":
            return self.answer(200, b"in stock\n", {})
        origin = UPSTREAM.get(part, "{0.scheme}://{0.netloc}".format(urlsplit(INDEX)))
        try:
            known = {"If-Modified-Since": self.headers["If-Modified-Since"]} if "If-Modified-Since" in self.headers else {}
            with urllib.request.urlopen(urllib.request.Request(origin + self.path, headers=known), timeout=180) as answer:
                self.answer(answer.status, answer.read(), answer.headers)
        except urllib.error.HTTPError as problem:
            self.answer(problem.code, b"", {})

    def answer(self, status, body, headers):
        self.send_response(status)
        for name in ("Content-Type", "Last-Modified"):
            if name in headers:
                self.send_header(name, headers[name])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


while not os.path.exists("/server.pem"):
    time.sleep(0.1)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("/server.pem")
server = http.server.ThreadingHTTPServer(("", 443), Mirror)
server.socket = context.wrap_socket(server.socket, server_side=True)
print("ready", file=sys.stderr, flush=True)
server.serve_forever()
