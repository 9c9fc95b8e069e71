"""Draws the label of a bread: a QR code with its name and weight."""
import segno
from bakery.menu import MENU
from flask import Flask, Response, abort

app = Flask(__name__)


@app.get("/healthz")
def healthz() -> str:
    return "ok\n"


@app.get("/<name>.svg")
def label(name: str) -> Response:
    if name not in MENU:
        abort(404)
    bread = MENU[name]
    return Response(segno.make(f"{bread.name}, {bread.grams} g").svg_inline(scale=4), mimetype="image/svg+xml")
