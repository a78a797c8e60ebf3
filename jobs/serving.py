"""Web and scheduler in one process: waitress answers, APScheduler wakes, and both end together."""

from __future__ import annotations

import signal
from typing import Any, NoReturn

from flask import Flask
from sqlalchemy.orm import Session, sessionmaker
from waitress.server import create_server

from config import Fault, Settings, Unusable
from jobs import scheduler


def listen(app: Flask, settings: Settings) -> Any:
    """The web server, listening but not yet answering; a port that is taken is told with the way out."""
    try:
        return create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            clear_untrusted_proxy_headers=not settings.behind_proxy,
            ident=None,
        )
    except OSError as fault:
        wrong = f"无法在 {settings.host}:{settings.port} 监听:{fault.strerror}。"
        raise Unusable([Fault("S11", wrong, "换一个端口,如 make run PORT=8001。")]) from fault


def answer(server: Any, session_factory: sessionmaker[Session], settings: Settings) -> None:
    """Serve until told to stop; a running job is finished first."""
    signal.signal(signal.SIGTERM, _leave)
    waking = scheduler.start(session_factory, settings) if settings.scheduler else None
    try:
        server.run()
    finally:
        server.close()
        if waking:
            waking.shutdown(wait=True)


def _leave(_number: int, _frame: object) -> NoReturn:
    raise SystemExit(0)
