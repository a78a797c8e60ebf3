"""What no test may do is impossible, not only forbidden."""

import socket
import sqlite3

import pytest
from sqlalchemy import create_engine


def test_a_pure_test_opens_no_database():
    with pytest.raises(RuntimeError, match="open a database"):
        sqlite3.connect(":memory:")
    with pytest.raises(RuntimeError, match="open a database"):
        create_engine("sqlite://").connect()


@pytest.mark.parametrize("address", [("127.0.0.1", 80), ("192.0.2.1", 443)])
def test_a_pure_test_reaches_nobody(address):
    with socket.socket() as own, pytest.raises(RuntimeError, match="tried to reach"):
        own.connect(address)
