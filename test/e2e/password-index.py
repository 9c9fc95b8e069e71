"""An index of packages that asks for a password, in front of one that does not: python3 password-index.py PORT-FILE INDEX USER PASSWORD"""
import base64
import http.server
import sys
import urllib.request

port_file, index, user, password = sys.argv[1:]
behind = index.removesuffix("/simple")
wanted = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


class Index(http.server.BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        if self.headers.get("Authorization") != wanted:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="packages"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        try:
            headers = {name: value for name, value in self.headers.items() if name in ("Accept", "Range")}
            with urllib.request.urlopen(urllib.request.Request(behind + self.path, headers=headers, method=self.command)) as answer:
                body = answer.read()
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.headers.get("Content-Type", "text/html"))
        except urllib.error.HTTPError as error:
            answer, body = error, b""
            self.send_response(error.code)
        length = answer.headers.get("Content-Length") if self.command == "HEAD" else len(body)
        self.send_header("Content-Length", str(length or 0))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("0.0.0.0", 0), Index)
with open(port_file, "w") as file:
    file.write(str(server.server_port))
server.serve_forever()
