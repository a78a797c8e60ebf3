"""When each job runs. APScheduler only wakes them: what is due stands in the database, so no missed or doubled
waking does harm."""

from __future__ import annotations

import signal
import threading
from datetime import datetime

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.orm import Session, sessionmaker

from config import Settings
from jobs import backup, digests, duties, mailer, planning, replays, sweep
from jobs.runner import Job, nothing_to_do, run_job, utc_now

ZONE = "Asia/Shanghai"
FULL_HOUR = "2020-01-01 00:00:00"
"""Sweeps fall on the same minutes of the hour after every start."""


def jobs(settings: Settings) -> dict[str, tuple[Job, BaseTrigger]]:
    """Each job with its hours, by name."""
    timed = [
        (sweep.JOB, IntervalTrigger(minutes=settings.sweep_minutes, start_date=FULL_HOUR, timezone=ZONE)),
        (duties.JOB, CronTrigger(minute=1, timezone=ZONE)),
        (digests.JOB, CronTrigger(minute="*/10", timezone=ZONE)),
        (digests.YEARS, CronTrigger(hour=8, minute=30, timezone=ZONE)),
        (replays.JOB, IntervalTrigger(seconds=replays.EVERY_SECONDS, start_date=FULL_HOUR, timezone=ZONE)),
        (
            mailer.job(settings),
            IntervalTrigger(seconds=mailer.EVERY_SECONDS, start_date=FULL_HOUR, timezone=ZONE),
        ),
        (planning.JOB, CronTrigger(hour=3, minute=10, timezone=ZONE)),
        (backup.job(settings), CronTrigger(hour=3, minute=20, timezone=ZONE)),
    ]
    return {job.name: (job, trigger) for job, trigger in timed}


def start(session_factory: sessionmaker[Session], settings: Settings) -> BackgroundScheduler:
    """A running scheduler. Each job first runs at once: what came due while nobody was awake does not wait."""
    scheduler = BackgroundScheduler(
        timezone=ZONE, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )
    for name, (job, trigger) in jobs(settings).items():
        scheduler.add_job(_run, trigger, args=(session_factory, job), id=name, name=job.label)
    for name in ("sweep", "duties"):
        scheduler.modify_job(name, next_run_time=utc_now())
    scheduler.start()
    return scheduler


def _run(session_factory: sessionmaker[Session], job: Job) -> None:
    now = utc_now()
    if job.often and nothing_to_do(session_factory, job, now):
        return
    run_job(session_factory, job, now)


def next_runs(settings: Settings, now: datetime) -> dict[str, datetime | None]:
    """When each job runs next, for the page that shows it."""
    return {name: trigger.get_next_fire_time(None, now) for name, (_job, trigger) in jobs(settings).items()}


def run_until_told(session_factory: sessionmaker[Session], settings: Settings) -> None:
    """The scheduler as a process of its own; a running job is finished before it ends."""
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    scheduler = start(session_factory, settings)
    told.wait()
    scheduler.shutdown(wait=True)
