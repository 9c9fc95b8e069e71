"""Brings the database up to date: each file of `migrations` runs once, in the order of their names."""
from pathlib import Path

from shop.database import engine

FILES = sorted((Path(__file__).parent / "migrations").glob("*.sql"))
LOCK = 7301


def main() -> None:
    with engine().begin() as connection:
        # two at once would both find the same files missing
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, ran_at timestamptz NOT NULL DEFAULT now())")
        done = set(connection.exec_driver_sql("SELECT name FROM migrations").scalars())
        for file in FILES:
            if file.name not in done:
                connection.exec_driver_sql(file.read_text())
                connection.exec_driver_sql("INSERT INTO migrations (name) VALUES (%s)", (file.name,))
                print(f"ran {file.name}")


if __name__ == "__main__":
    main()
