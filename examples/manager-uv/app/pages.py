"""Markdown in, HTML out; with footnotes where the extra of that name is installed."""
from flask import Flask, Response, request
from markdown_it import MarkdownIt

app = Flask(__name__)
markdown = MarkdownIt("commonmark", {"html": False})
try:
    from mdit_py_plugins.footnote import footnote_plugin
except ModuleNotFoundError:
    pass
else:
    markdown.use(footnote_plugin)


@app.get("/healthz")
def healthz() -> str:
    return "ok\n"


@app.post("/html")
def html() -> Response:
    return Response(markdown.render(request.get_data(as_text=True)), mimetype="text/html")
