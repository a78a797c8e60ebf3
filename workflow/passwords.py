"""Passwords: Argon2id, random one-time passwords, and what a chosen one must be."""

from __future__ import annotations

import secrets

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from models import Staff
from workflow.errors import Refused

HASHER = PasswordHash((Argon2Hasher(memory_cost=19 * 1024, time_cost=2, parallelism=1),))
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
SHORTEST = 10
MOST_GUESSES = 5
WAIT_MINUTES = 15
"""So many wrong passwords of one account within so many minutes, and every further one has to wait."""
NOBODY = HASHER.hash(secrets.token_urlsafe(16))
"""What an unknown account is compared with, so that it answers as slowly as a known one."""


def random_password() -> str:
    """Sixteen characters that can be read aloud: no l, o, 0 or 1."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


def set_for(person: Staff, password: str, *, must_change: bool) -> None:
    """Store the hash and end every session that the person has open."""
    person.password_hash = HASHER.hash(password)
    person.must_change_password = must_change
    person.session_epoch += 1


def matches(person: Staff | None, password: str) -> bool:
    """Whether the password is right; the same time for nobody as for somebody."""
    stored = person.password_hash if person and person.password_hash else None
    right = HASHER.verify(password, stored or NOBODY)
    return right and stored is not None and person is not None and person.active


def check_strength(password: str) -> None:
    """Refuse what is too short or all one character."""
    if len(password) < SHORTEST or len(set(password)) < 4:
        raise Refused("新密码至少 {shortest} 位,且不能只是重复的字符", field="new", shortest=SHORTEST)
