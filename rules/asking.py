"""Tests made quick to ask: a plain function a test, chosen once, for the many cases and rows of a replay."""

import operator
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import partial
from typing import Any

from rules.unary import AnyOf, Given, Has, Is, Not, Range, Test, blank

Check = Callable[[object], bool]
"""Whether a test holds for certain; no and not known are alike."""


def certain(test: Test) -> Check:
    """A function that says of a value what `test.holds(value) is True` says. It can be sent to another process."""
    match test:
        case Is(bool() as wanted):
            return partial(operator.is_, wanted)
        case Is(str() as wanted):
            return partial(operator.eq, str(wanted))
        case Given(given):
            return given_at_all if given else blank
        case Has(wanted):
            return partial(_has, frozenset(wanted))
        case Range(low, high) if type(low if high is None else high) in (int, date, timedelta):
            kind = type(low if high is None else high)
            if low is None or high is None or type(low) is kind:
                return partial(_between, test, kind, low, high, test.low_in, test.high_in)
        case AnyOf(tests):
            return partial(_among, words) if (words := _texts(test)) else partial(_any, tuple(map(certain, tests)))
        case Not(inner) if words := _texts(inner):
            return partial(_not_among, words)
    return partial(_holds, test)


def given_at_all(value: object) -> bool:
    return not blank(value)


def _texts(test: Test) -> frozenset[str]:
    """The texts that a test allows, when it does nothing but list texts; empty for any other test."""
    tests = test.tests if isinstance(test, AnyOf) else (test,)
    words = [inner.wanted for inner in tests if isinstance(inner, Is) and isinstance(inner.wanted, str)]
    return frozenset(map(str, words)) if len(words) == len(tests) else frozenset()


def _among(words: frozenset[str], value: object) -> bool:
    return isinstance(value, str) and value in words


def _not_among(words: frozenset[str], value: object) -> bool:
    return value is not None and not (isinstance(value, str) and value in words)


def _any(checks: tuple[Check, ...], value: object) -> bool:
    for check in checks:  # noqa: SIM110 a generator costs more than the checks
        if check(value):
            return True
    return False


def _has(words: frozenset[str], value: object) -> bool:
    if isinstance(value, str) or not isinstance(value, Iterable):
        return isinstance(value, str) and value in words
    return any(isinstance(item, str) and item in words for item in value)


def _between(test: Range, kind: type, low: Any, high: Any, low_in: bool, high_in: bool, value: Any) -> bool:
    """Of one type with the bounds a value is simply compared; of any other the test itself is asked."""
    if type(value) is not kind:
        return test.holds(value) is True
    if low is not None and not (value >= low if low_in else value > low):
        return False
    return high is None or (value <= high if high_in else value < high)


def _holds(test: Test, value: object) -> bool:
    return test.holds(value) is True
