"""Answers as tests ask: what came, events one by one, a websocket that echoes; counts its connections."""
import base64, hashlib, http.server, json, os, time, urllib.parse

connections = 0


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def setup(self):
        global connections
        connections += 1
        super().setup()

    def do_GET(self):
        path, _, query = self.path.partition('?')
        if path.endswith('/events'):
            return self.events()
        if path.endswith('/websocket'):
            return self.websocket()
        asked = urllib.parse.parse_qs(query)
        time.sleep(float(asked.get('sleep', ['0'])[0]))
        received = len(self.rfile.read(int(self.headers.get('Content-Length', 0))))
        said = {'service': os.environ.get('NAME'), 'path': self.path, 'headers': {name.lower(): value for name, value in self.headers.items()},
                'connections': connections, 'received': received}
        text = (json.dumps(said) + ' ' * int(asked.get('pad', ['0'])[0])).encode()
        self.send_response(int(asked.get('status', ['200'])[0]))
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(text)))
        if 'frame' in asked:
            self.send_header('X-Frame-Options', asked['frame'][0])
        self.end_headers()
        self.wfile.write(text)

    do_POST = do_GET

    def events(self):
        self.send_response(200)
        self.send_header('Content-Type', 'text/event-stream')
        self.send_header('Connection', 'close')
        self.end_headers()
        for number in range(3):
            self.wfile.write(f'data: {number}\n\n'.encode())
            self.wfile.flush()
            time.sleep(0.4)
        self.close_connection = True

    def websocket(self):
        key = self.headers.get('Sec-WebSocket-Key')
        if self.headers.get('Upgrade', '').lower() != 'websocket' or self.headers.get('Connection', '').lower() != 'upgrade' or not key:
            self.send_response(426)
            self.send_header('Content-Length', '0')
            return self.end_headers()
        accepted = base64.b64encode(hashlib.sha1((key + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').encode()).digest()).decode()
        self.connection.sendall(f'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accepted}\r\n\r\n'.encode())
        head = self.rfile.read(2)
        mask, masked = self.rfile.read(4), self.rfile.read(head[1] & 127)
        text = bytes(byte ^ mask[index % 4] for index, byte in enumerate(masked))
        self.connection.sendall(bytes([0x81, len(text)]) + text)
        self.close_connection = True

    def log_message(self, *args):
        pass


http.server.ThreadingHTTPServer(('', 8000), Handler).serve_forever()
