"""Pictures as a service: badges drawn from text, thumbnails of what is uploaded."""
import io

from flask import Flask, abort, request, send_file
from PIL import Image, ImageDraw, UnidentifiedImageError

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 8 * 1024 * 1024


@app.get("/")
def index():
    return "<h1>Pictures</h1><p><img src='/badge/hello.png' alt='hello'></p>"


@app.get("/healthz")
def healthz():
    return {"status": "ok"}


@app.get("/badge/<text>.png")
def badge(text):
    if len(text) > 40:
        abort(400, "a badge has at most 40 characters")
    picture = Image.new("RGB", (16 + 8 * len(text), 24), "#24527a")
    ImageDraw.Draw(picture).text((8, 6), text, fill="white")
    return png(picture)


@app.post("/thumbnail")
def thumbnail():
    try:
        picture = Image.open(request.files["picture"])
    except (KeyError, UnidentifiedImageError):
        abort(400, "send a picture in the form field 'picture'")
    picture.thumbnail((128, 128))
    return png(picture)


def png(picture):
    content = io.BytesIO()
    picture.save(content, "PNG")
    content.seek(0)
    return send_file(content, mimetype="image/png")
