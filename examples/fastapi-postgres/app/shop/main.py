"""Takes orders and answers questions about them. An order and the mail about it are written together, or neither."""
import hmac
import os
import time
from typing import Annotated

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field
from sqlalchemy import insert, select

from shop.database import engine, mails, orders, reports

app = FastAPI(title="Shop")


class NewOrder(BaseModel):
    item: Annotated[str, Field(min_length=1, max_length=200)]
    quantity: Annotated[int, Field(gt=0, le=1000)]
    customer: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]


class Placed(BaseModel):
    """The receipt shows that whoever asks has placed the order."""

    id: int
    receipt: str


@app.get("/healthz")
def healthz() -> dict[str, str]:
    return {"status": "ok"}


@app.post("/orders", status_code=201)
def place(order: NewOrder) -> Placed:
    time.sleep(float(os.environ.get("PAYMENT_SECONDS", "0")))  # what a payment takes
    with engine().begin() as connection:
        number = connection.execute(insert(orders).values(**order.model_dump()).returning(orders.c.id)).scalar_one()
        text = f"Thank you for your order {number}: {order.quantity} of {order.item}."
        connection.execute(insert(mails).values(recipient=order.customer, text=text))
    return Placed(id=number, receipt=receipt(number))


@app.get("/orders/{number}")
def show(number: int, receipt_of_order: str) -> NewOrder:
    if not hmac.compare_digest(receipt_of_order.encode(), receipt(number).encode()):
        raise HTTPException(403, "the receipt is not that of this order")
    with engine().connect() as connection:
        row = connection.execute(select(orders).where(orders.c.id == number)).mappings().first()
    if row is None:
        raise HTTPException(404, f"there is no order {number}")
    return NewOrder.model_validate(dict(row))


@app.get("/mails")
def waiting() -> dict[str, int]:
    with engine().connect() as connection:
        sent = connection.execute(select(mails.c.sent_at.is_not(None))).scalars().all()
    return {"sent": sum(sent), "waiting": len(sent) - sum(sent)}


@app.get("/reports")
def report() -> list[dict[str, str | int]]:
    with engine().connect() as connection:
        rows = connection.execute(select(reports).order_by(reports.c.day)).mappings().all()
    return [{"day": row["day"].isoformat(), "orders": row["orders"], "pieces": row["pieces"]} for row in rows]


def receipt(number: int) -> str:
    return hmac.digest(os.environ["RECEIPT_KEY"].encode(), str(number).encode(), "sha256").hex()
