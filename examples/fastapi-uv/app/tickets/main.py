"""Tickets that cannot be forged: signed with a key that each start makes anew, and checked."""
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from typing import Annotated

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI, HTTPException, Path
from pydantic import BaseModel

app = FastAPI(title="Tickets")
key = Ed25519PrivateKey.generate()


class Ticket(BaseModel):
    """A seat, and the proof that this service gave it away."""

    seat: str
    signature: str


@app.get("/healthz")
def healthz() -> dict[str, str]:
    return {"status": "ok"}


@app.post("/tickets/{seat}")
def issue(seat: Annotated[str, Path(pattern=r"^[A-Z]\d{1,3}$")]) -> Ticket:
    return Ticket(seat=seat, signature=urlsafe_b64encode(key.sign(seat.encode())).decode())


@app.post("/check")
def check(ticket: Ticket) -> dict[str, str]:
    try:
        key.public_key().verify(urlsafe_b64decode(ticket.signature), ticket.seat.encode())
    except (Error, InvalidSignature, ValueError):
        raise HTTPException(403, f"the ticket for {ticket.seat} is forged") from None
    return {"seat": ticket.seat}
