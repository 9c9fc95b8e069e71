"""An order form behind FastAPI, which imports at start what such applications do."""
import secrets

import httpx
import numpy
import psycopg2.extensions
from cryptography.fernet import Fernet
from fastapi import FastAPI
from jinja2 import Environment
from pydantic import BaseModel
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, select

app = FastAPI()
engine = create_engine("postgresql+psycopg2://orders@database/orders")
orders = Table("orders", MetaData(), Column("number", Integer, primary_key=True))
sealer = Fernet(Fernet.generate_key())
client = httpx.Client()
greeting = Environment(autoescape=True).from_string("Order {{ number }}")


class Front(BaseModel):
    title: str
    query: str
    mean: float
    sealed: int


@app.get("/")
def front() -> Front:
    return Front(
        title=greeting.render(number=7),
        query=str(select(orders).where(orders.c.number == psycopg2.extensions.adapt(7).adapted)),
        mean=float(numpy.mean([1, 2, 3])),
        sealed=len(sealer.encrypt(secrets.token_bytes(8))),
    )
