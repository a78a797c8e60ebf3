"""The product on a port of its own, as people meet it, for tests with a browser or raw sockets."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from waitress.server import create_server


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The application behind waitress in a thread; yields its address without a closing slash."""
    server = create_server(app, host="127.0.0.1", port=0, threads=8)
    closing = threading.Event()

    def run() -> None:
        try:
            server.run()
        except OSError:  # its sockets are closed from here while it waits at them
            if not closing.is_set():
                raise

    thread = threading.Thread(target=run, name="test-server", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        closing.set()
        server.close()
        server.task_dispatcher.shutdown(cancel_pending=True, timeout=5)
        thread.join(5)
