"""What `make matrix` prints."""

from types import SimpleNamespace

from tests import matrix

CLAUSES = ["P02-1.1", "P02-1.2", "P04-01-3.1"]


def report(clause, *, outcome="passed", when="call"):
    flags = {"passed": outcome == "passed", "failed": outcome == "failed"}
    return SimpleNamespace(user_properties=[("clause", clause)], when=when, **flags)


def test_one_line_a_procedure_and_what_is_missing_on_demand():
    shown = {"P02-1.1"}
    assert matrix.table(CLAUSES, shown, missing=False) == ["P02 1/2", "P04-01 0/1", "total 1/3"]
    assert matrix.table(CLAUSES, shown, missing=True)[1] == "  P02-1.2"


def test_a_global_default_is_no_clause_and_does_not_count():
    assert matrix.table(CLAUSES, {"G-10"}, missing=False)[-1] == "total 0/3"


def test_a_clause_with_a_failing_test_is_not_shown():
    recorder = matrix.Recorder()
    recorder.pytest_runtest_logreport(report("P02-1.1"))
    recorder.pytest_runtest_logreport(report("P02-1.1", outcome="failed"))
    recorder.pytest_runtest_logreport(report("P02-1.2"))
    recorder.pytest_runtest_logreport(report("P04-01-3.1", when="setup"))
    assert recorder.passed - recorder.failed == {"P02-1.2"}
