"""Keeps the report of each day up to date."""
from sqlalchemy import Date, cast, func, select
from sqlalchemy.dialects.postgresql import insert

from shop.database import engine, orders, reports
from shop.worker import work


def report() -> bool:
    day = cast(orders.c.placed_at, Date)
    counted = select(day, func.count(), func.sum(orders.c.quantity)).group_by(day)
    written = insert(reports).from_select(["day", "orders", "pieces"], counted)
    new = {"orders": written.excluded.orders, "pieces": written.excluded.pieces}
    with engine().begin() as connection:
        connection.execute(written.on_conflict_do_update(index_elements=["day"], set_=new))
    return False


if __name__ == "__main__":
    work(report, pause=5)
