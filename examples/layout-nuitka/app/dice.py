"""Throws dice, without a framework: a WSGI application as PEP 3333 has it."""
import secrets
from pathlib import Path

PAGE = Path(__file__).with_name("page.html").read_text(encoding="utf-8")


def app(environ, start_response):
    pages = {"/": PAGE.replace("{number}", str(1 + secrets.randbelow(6))), "/healthz": "works"}
    page = pages.get(environ["PATH_INFO"])
    start_response("404 Not Found" if page is None else "200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return [(page or "There is no such page.").encode()]
