"""What both workers do: work, then wait, until somebody asks them to end."""
import signal
from collections.abc import Callable
from pathlib import Path
from threading import Event

ALIVE = Path("/tmp/alive")


def work(task: Callable[[], bool], pause: float) -> None:
    """Does the task again and again: at once when it found something to do, else after a pause. SIGTERM lets it end what it is at.

    Who asks for its health looks when `ALIVE` was written last.
    """
    ending = Event()
    signal.signal(signal.SIGTERM, lambda number, frame: ending.set())
    while not ending.is_set():
        ALIVE.touch()
        if not task():
            ending.wait(pause)
