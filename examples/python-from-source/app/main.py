"""Says which Python answers, and what that is linked to."""
import platform
import sqlite3
import ssl
import sys

from flask import Flask

app = Flask(__name__)


@app.get("/")
def page() -> dict[str, str]:
    return {
        "python": platform.python_version(),
        "prefix": sys.base_prefix,
        "ssl": ssl.OPENSSL_VERSION,
        "sqlite": sqlite3.sqlite_version,
    }


@app.get("/healthz")
def healthy() -> str:
    return "ok"
