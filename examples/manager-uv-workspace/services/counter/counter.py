"""The menu with its prices, and the label of each bread, which another service draws."""
import os
import urllib.request

from bakery.menu import MENU
from bakery.prices import shown
from flask import Flask, Response, abort, jsonify

app = Flask(__name__)


@app.get("/healthz")
def healthz() -> str:
    return "ok\n"


@app.get("/")
def menu() -> Response:
    return jsonify({name: shown(bread.price) for name, bread in MENU.items()})


@app.get("/label/<name>")
def label(name: str) -> Response:
    if name not in MENU:
        abort(404)
    with urllib.request.urlopen(f"{os.environ['LABELS']}/{name}.svg", timeout=5) as drawn:
        return Response(drawn.read(), mimetype="image/svg+xml")
