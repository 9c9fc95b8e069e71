"""Colours as pictures."""
import io

from flask import Flask, abort, send_file
from PIL import Image, ImageColor

app = Flask(__name__)


@app.get("/")
def index():
    return "<h1>Colours</h1><p><img src='/teal.png' alt='teal'></p>"


@app.get("/healthz")
def healthz():
    return {"status": "ok"}


@app.get("/<name>.png")
def colour(name):
    if name not in ImageColor.colormap:
        abort(404, "no colour has that name")
    content = io.BytesIO()
    Image.new("RGB", (64, 64), name).save(content, "PNG")
    content.seek(0)
    return send_file(content, mimetype="image/png")
