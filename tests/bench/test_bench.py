"""The benchmarks measure what they say on a handful of cases, and write what others read."""

import json

from bench.__main__ import main

WORKS = {
    "intake", "decide", "queue_first_page", "queue_first_page_growth", "search_two_characters", "sweep_due",
    "sweep_idle", "monthly_figures", "csv_export", "worktime_add", "replay",
    "decide_table", "lint", "matches", "matches_fields", "matches_counting",
}  # fmt: skip
KEYS = ["work", "n", "database", "ours_ms", "limit_ms", "ratio", "note"]


def test_every_work_is_measured_and_written_in_the_agreed_form(tmp_path, capsys):
    main(["--n", "20", "--database", "sqlite", "--rounds", "1", "--out", str(tmp_path / "results.json")])
    results = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert {result["work"] for result in results} == WORKS
    assert [list(result) for result in results] == [KEYS] * len(WORKS)
    assert all(result["ours_ms"] > 0 and result["limit_ms"] > 0 for result in results)
    printed = capsys.readouterr().out
    assert all(work in printed for work in WORKS)
