"""A sentence, and the versions of the packages that say it."""
from importlib.metadata import version

from flask import Flask

app = Flask(__name__)


@app.get("/")
def quote() -> dict[str, str]:
    return {"quote": "What is locked stays.", "flask": version("flask"), "werkzeug": version("werkzeug")}


@app.get("/healthz")
def healthy() -> str:
    return "ok"
