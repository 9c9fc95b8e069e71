"""Says which Python serves it, as whom, and asks another server of the organisation whether it is there."""
import getpass
import os
import platform
import urllib.request

from flask import Flask

app = Flask(__name__)


@app.get("/")
def index():
    return f"Python {platform.python_version()} as {getpass.getuser()}\n"


@app.get("/healthz")
def healthz():
    return "ok\n"


@app.get("/stock")
def stock():
    with urllib.request.urlopen(os.environ["STOCK_URL"], timeout=5) as answer:
        return answer.read()
