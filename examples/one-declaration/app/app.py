"""Notes as a service, kept in one file of SQLite."""
import sqlite3
from contextlib import closing

from flask import Flask, abort, request

app = Flask(__name__)


def database():
    connection = sqlite3.connect("/var/lib/notes/notes.db")
    connection.execute("CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
    return closing(connection)


@app.get("/")
def notes():
    with database() as connection:
        return [text for (text,) in connection.execute("SELECT text FROM note ORDER BY id")]


@app.post("/")
def add():
    text = request.form.get("text", "").strip()
    if not text:
        abort(400, "send a text in the form field 'text'")
    with database() as connection, connection:
        connection.execute("INSERT INTO note (text) VALUES (?)", (text,))
    return {"text": text}, 201


@app.get("/healthz")
def healthz():
    return {"status": "ok"}
