"""Counts the tags of XML documents. `flask rules` says how."""
import collections

from flask import Flask, abort, request
from lxml import etree

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024
PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


@app.get("/")
def index():
    return "<h1>XML</h1><p>POST a document to /tags.</p>"


@app.get("/healthz")
def healthz():
    return {"status": "ok"}


@app.post("/tags")
def tags():
    try:
        document = etree.fromstring(request.get_data(), PARSER)
    except etree.XMLSyntaxError as problem:
        abort(400, str(problem))
    return collections.Counter(str(element.tag) for element in document.iter(etree.Element))


@app.cli.command("rules")
def rules():
    """Says what is counted."""
    print("every element, by its tag")
