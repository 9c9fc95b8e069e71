"""A server of the organisation: passes on what it is asked for, each once, and tells who asked for what. Waits for its certificate."""
import functools
import http.server
import os
import re
import ssl
import sys
import time
import urllib.error
import urllib.request
from urllib.parse import urlsplit

INDEX = os.environ["INDEX"]
# the archive that apt of this image asks
with open("/etc/apt/sources.list.d/debian.sources") as file:
    ARCHIVE = re.search(r"^URIs: (https?://[^/\s]+)", file.read(), re.MULTILINE)[1]
UPSTREAM = {"debian": ARCHIVE, "debian-security": ARCHIVE, "simple": INDEX.rsplit("/simple", 1)[0]}


@functools.cache
def upstream(url):
    try:
        with urllib.request.urlopen(url, timeout=180) as answer:
            return answer.status, answer.read(), dict(answer.headers)
    except urllib.error.HTTPError as problem:
        return problem.code, b"", {}


class Mirror(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        part = self.path.split("/")[1]
        if self.path == "/":
            return self.answer(200, b"in stock\n", {})
        origin = UPSTREAM.get(part, "{0.scheme}://{0.netloc}".format(urlsplit(INDEX)))
        status, body, headers = upstream(origin + self.path)
        since = self.headers["If-Modified-Since"]
        if since is not None and since == headers.get("Last-Modified"):
            status, body = 304, b""
        self.answer(status, body, headers)

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
