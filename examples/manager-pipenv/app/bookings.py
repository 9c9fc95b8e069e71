from flask import Flask, Response
from prometheus_client import CONTENT_TYPE_LATEST, Counter, generate_latest

app = Flask(__name__)
booked = Counter("bookings", "Tables that have been booked")


@app.get("/")
def page():
    return "<h1>Bookings</h1>"


@app.post("/tables/<int:table>")
def book(table: int):
    booked.inc()
    return {"table": table, "booked": True}


@app.get("/metrics")
def metrics():
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


@app.get("/healthz")
def health():
    return "", 204
