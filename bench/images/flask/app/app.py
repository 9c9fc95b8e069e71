"""An order form behind Flask, which imports at start what such applications do."""
import datetime
import secrets

import numpy
import orjson
import psycopg2.extensions
import requests
import yaml
from cryptography.fernet import Fernet
from dateutil.relativedelta import relativedelta
from flask import Flask, jsonify
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, select
from wtforms import Form, StringField

app = Flask(__name__)
engine = create_engine("postgresql+psycopg2://orders@database/orders")
orders = Table("orders", MetaData(), Column("number", Integer, primary_key=True))
sealer = Fernet(Fernet.generate_key())
session = requests.Session()


class OrderForm(Form):
    note = StringField()


@app.get("/")
def front():
    return jsonify(
        due=str(datetime.date(2026, 1, 31) + relativedelta(months=1)),
        query=str(select(orders).where(orders.c.number == psycopg2.extensions.adapt(7).adapted)),
        mean=float(numpy.mean([1, 2, 3])),
        sealed=len(sealer.encrypt(orjson.dumps({"token": secrets.token_hex(8)}))),
        settings=yaml.safe_load("form: note"),
        fields=list(OrderForm()._fields),
    )
