"""Sends the mails that wait in the database; here a directory stands for the world outside."""
import os
import time
from pathlib import Path

from sqlalchemy import func, select, update

from shop.database import engine, mails
from shop.worker import work

OUT = Path("/var/spool/shop")


def send_one() -> bool:
    """One mail. It stays locked until it is sent: another mailer takes the next, and if this one dies it waits as before."""
    with engine().begin() as connection:
        unsent = select(mails).where(mails.c.sent_at.is_(None)).order_by(mails.c.id).limit(1)
        mail = connection.execute(unsent.with_for_update(skip_locked=True)).first()
        if mail is None:
            return False
        print(f"mail {mail.id}: sending")
        deliver(mail.id, f"To: {mail.recipient}\n\n{mail.text}\n")
        connection.execute(update(mails).where(mails.c.id == mail.id).values(sent_at=func.now()))
    print(f"mail {mail.id}: sent")
    return True


def deliver(number: int, text: str) -> None:
    """Who gets the same number twice has one mail: it is sent again when nobody could note that it had been."""
    time.sleep(float(os.environ.get("DELIVERY_SECONDS", "0")))
    draft = OUT / f"{number}.draft"
    draft.write_text(text)
    draft.rename(OUT / f"{number}.eml")


if __name__ == "__main__":
    work(send_one, pause=1)
