"""The shop's tables, and the way to them. `migrations` makes them."""
import os
from functools import cache

from sqlalchemy import Column, Date, DateTime, Engine, Integer, MetaData, Table, Text, create_engine

metadata = MetaData()
orders = Table(
    "orders", metadata,
    Column("id", Integer, primary_key=True),
    Column("item", Text),
    Column("quantity", Integer),
    Column("customer", Text),
    Column("placed_at", DateTime(timezone=True)),
)
mails = Table(
    "mails", metadata,
    Column("id", Integer, primary_key=True),
    Column("recipient", Text),
    Column("text", Text),
    Column("sent_at", DateTime(timezone=True)),
)
reports = Table(
    "reports", metadata,
    Column("day", Date, primary_key=True),
    Column("orders", Integer),
    Column("pieces", Integer),
)


@cache
def engine() -> Engine:
    """Connections that are tried before they are used: the database may have been started anew."""
    return create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)
