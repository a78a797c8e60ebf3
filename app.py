"""The application and its commands. A command is a door: it reads the clock, opens a transaction, calls one thing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.middleware.proxy_fix import ProxyFix

import config
import views
from jobs import backup, demo, documents, first_start, mailer, proof, rehearsing, restore, runner, scheduler, serving
from models import db, migrations
from workflow.rehearsal import rehearse

GIVEN = click.Path(path_type=Path, dir_okay=False, exists=True)
commands = AppGroup()
commands.add_command(documents.commands)


def create_app(settings: config.Settings | None = None) -> Flask:
    """The application with these settings, else with those of the environment."""
    settings = settings or config.load()
    app = Flask(__name__, instance_path=str(settings.instance.resolve()))
    app.config.from_mapping(settings.flask())
    if settings.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app)  # type: ignore[method-assign]
    db.init_app(app)
    views.init_app(app)
    for command in commands.commands.values():
        app.cli.add_command(command)
    return app


def own_settings() -> config.Settings:
    """The settings of the application that runs this command."""
    return current_app.config["DUBAN"]


def sessions() -> sessionmaker[Session]:
    """Sessions of the application's database."""
    return runner.sessions(db.engine)


def show(lines: Iterable[str]) -> None:
    """Print each line as soon as it is known."""
    for line in lines:
        click.echo(line)


@commands.command("setup")
def setup() -> None:
    """Migrate the database, put the first procedure in force, make the administrator."""
    migrations.upgrade(db.engine)
    with runner.unit_of_work(sessions()) as session:
        password = first_start.prepare(session, runner.utc_now(), own_settings().procedures.split())
    if password:
        click.echo(f"首次启动:登录名 {first_start.USERNAME},一次性密码 {password}(只显示这一次)")


@commands.command("serve")
@click.pass_context
def serve(context: click.Context) -> None:
    """Set up what is missing, then answer browsers and wake the jobs in one process."""
    show(map(str, config.check(own_settings())))
    server = serving.listen(current_app._get_current_object(), own_settings())  # type: ignore[attr-defined]
    context.invoke(setup)
    click.echo(f"督办台 {own_settings().address}")
    serving.answer(server, sessions(), own_settings())


@commands.group("jobs", invoke_without_command=True)
@click.pass_context
@with_appcontext
def jobs(context: click.Context) -> None:
    """The scheduler in a process of its own; `run NAME` runs one job once."""
    if context.invoked_subcommand is None:
        scheduler.run_until_told(sessions(), own_settings())


@jobs.command("run")
@click.argument("name")
@click.option("--now", type=runner.instant, help="As of this instant (ISO, Shanghai when no zone is given).")
@with_appcontext
def run_job(name: str, now: datetime | None) -> None:
    """Run one job once."""
    known = scheduler.jobs(own_settings())
    if name not in known:
        raise click.UsageError(f"没有任务 {name},可用:{'、'.join(known)}")
    run = runner.run_job(sessions(), known[name][0], now or runner.utc_now())
    click.echo(runner.line(run))
    raise SystemExit(1 if run.error else 0)


@commands.command("demo")
def fill_demo() -> None:
    """Fill a database without cases with a believable month; print three logins."""
    show(demo.fill(db.engine, own_settings(), runner.utc_now()))


@commands.command("check")
def check() -> None:
    """Recompute every stored due instant, the hash chain and the counts; print what differs."""
    with runner.unit_of_work(sessions(), writes=False) as session:
        found = list(proof.differences(session))
    show(found)
    raise SystemExit(1 if found else 0)


@commands.command("rehearse")
@click.option("--json", "as_json", is_flag=True, help="The full observation of every step, as JSON lines.")
@click.argument("files", nargs=-1, required=True, type=GIVEN)
def rehearse_files(files: tuple[Path, ...], as_json: bool) -> None:
    """Walk scripted cases through the product, each on a database in memory."""
    played = {path: rehearse(path) for path in files}
    for path, steps in played.items():
        show(rehearsing.observations(path, steps) if as_json else rehearsing.table(path, steps))
    raise SystemExit(0 if all(step.holds for steps in played.values() for step in steps) else 1)


@commands.command("mail")
@click.argument("address")
def send_trial(address: str) -> None:
    """Send a letter by the settings of this installation, and say what is wrong when it does not leave."""
    show(mailer.trial(own_settings(), address, runner.utc_now()))


@commands.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup_into(file: Path) -> None:
    """Save database and uploads into one file while people work."""
    show(backup.report(backup.save(db.engine, own_settings().files, file)))


@commands.command("restore")
@click.argument("file", type=GIVEN)
def restore_from(file: Path) -> None:
    """Fill an empty database and an empty folder from a backup, and prove it."""
    show(backup.report(restore.restore(db.engine, own_settings().files, file)))
