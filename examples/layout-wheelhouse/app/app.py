"""Packs what is sent with LZO, and unpacks it."""
import lzo
from flask import Flask, abort, request

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024


@app.get("/")
def index():
    return f"<h1>LZO {lzo.LZO_VERSION_STRING}</h1><p>POST something to /pack, and what that answers to /unpack.</p>"


@app.get("/healthz")
def healthz():
    return {"status": "ok"}


@app.post("/pack")
def pack():
    return lzo.compress(request.get_data()), {"Content-Type": "application/octet-stream"}


@app.post("/unpack")
def unpack():
    try:
        return lzo.decompress(request.get_data()), {"Content-Type": "application/octet-stream"}
    except lzo.error as problem:
        abort(400, str(problem))
