"""The eye on every verb that any test performs: one that changes something and records no event fails that test."""

from __future__ import annotations

from typing import Any


def performed(name: str, done: Any, *, silent: bool) -> str | None:
    """What is wrong with how this verb ended; nothing when it left its event."""
    if done.event is None and not silent:
        return f"{name} was performed and recorded nothing"
    return None
