"""Where a setting comes from, and what start-up says when it cannot work."""

import stat

import pytest

import config


def faults_of(environ, folder):
    with pytest.raises(config.Unusable) as refused:
        config.load(environ, folder)
    return [fault.id for fault in refused.value.faults]


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(tmp_path):
    (tmp_path / "config.toml").write_text("port = 9000\nthreads = 4\n")
    settings = config.load({"PORT": "9001"}, tmp_path)
    assert (settings.port, settings.threads, settings.sweep_minutes) == (9001, 4, 5)


def test_the_prefixed_name_wins_over_the_plain_one(tmp_path):
    assert config.load({"PORT": "9001", "DUBAN_PORT": "9002"}, tmp_path).port == 9002


def test_an_empty_variable_is_an_absent_one(tmp_path):
    assert config.load({"PORT": "", "DUBAN_HOST": ""}, tmp_path).port == 8000


def test_without_an_address_the_database_is_sqlite_in_the_instance_folder(tmp_path):
    assert config.load({}, tmp_path).database == f"sqlite:///{tmp_path}/duban.sqlite3"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_names_the_driver(tmp_path, scheme):
    settings = config.load({"DATABASE_URL": f"{scheme}://u:p@h/d"}, tmp_path)
    assert settings.database == "postgresql+psycopg://u:p@h/d"


def test_the_first_start_makes_a_key_that_only_the_owner_reads_and_the_second_keeps_it(tmp_path):
    first = config.load({}, tmp_path).secret_key
    assert len(first) >= 48
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert config.load({}, tmp_path).secret_key == first


def test_secrets_are_not_printed_with_the_settings(tmp_path):
    settings = config.load({"DATABASE_URL": "postgresql://u:verborgen@h/d"}, tmp_path)
    assert settings.secret_key not in repr(settings)
    assert "verborgen" not in repr(settings)


@pytest.mark.parametrize(
    ("environ", "fault"),
    [
        ({"PORT": "achtzig"}, "S01"),
        ({"DUBAN_SCHEDULER": "maybe"}, "S01"),
        ({"DUBAN_SECRET_KEY": "short"}, "S03"),
        ({"DATABASE_URL": "mysql://h/d"}, "S04"),
        ({"PORT": "65536"}, "S05"),
        ({"DUBAN_THREADS": "0"}, "S06"),
        ({"DUBAN_MAIL_PORT": "-1"}, "S05"),
        ({"DUBAN_MAIL_SECURITY": "tls"}, "S13"),
        ({"DUBAN_MAIL_SERVER": "mail.example.com"}, "S14"),
        ({"DUBAN_MAIL_SERVER": "mail.example.com", "DUBAN_MAIL_FROM": "督办台"}, "S14"),
        ({"DUBAN_MAIL_SERVER": "mail.example.com", "DUBAN_MAIL_FROM": "a@b.c\nBcc: d@e.f"}, "S14"),
    ],
)
def test_a_value_that_cannot_work_stops_with_a_stable_id(tmp_path, environ, fault):
    assert faults_of(environ, tmp_path) == [fault]


def test_an_unknown_key_of_the_file_is_named(tmp_path):
    (tmp_path / "config.toml").write_text("prot = 9000\n")
    assert faults_of({}, tmp_path) == ["S02"]


def test_a_file_that_is_no_toml_is_named(tmp_path):
    (tmp_path / "config.toml").write_text("port 9000\n")
    assert faults_of({}, tmp_path) == ["S10"]


def test_every_fault_of_a_start_is_told_at_once(tmp_path):
    assert faults_of({"PORT": "70000", "DUBAN_THREADS": "0"}, tmp_path) == ["S05", "S06"]


def test_a_folder_that_is_made_is_open_to_its_owner_only(tmp_path):
    config.load({}, tmp_path / "own")
    assert stat.S_IMODE((tmp_path / "own").stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_made_is_a_fault(tmp_path):
    (tmp_path / "file").write_text("")
    assert faults_of({}, tmp_path / "file" / "instance") == ["S07"]


def test_listening_to_others_without_a_public_address_is_told_but_starts(tmp_path):
    settings = config.load({"HOST": "0.0.0.0"}, tmp_path)
    assert [fault.id for fault in config.check(settings)] == ["S09"]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"DUBAN_PUBLIC_URL": "https://ts.example/"}, []),
        ({}, ["S09"]),
        ({"DUBAN_MAIL_SECURITY": "none", "DUBAN_MAIL_USER": "duban"}, ["S09", "S15"]),
    ],
)
def test_letters_without_links_and_passwords_in_clear_are_told_but_it_starts(tmp_path, more, told):
    mail = {"DUBAN_MAIL_SERVER": "mail.example.com", "DUBAN_MAIL_FROM": "督办台 <duban@example.com>"}
    settings = config.load({**mail, **more}, tmp_path)
    assert [fault.id for fault in config.check(settings)] == told


def test_the_mail_password_is_not_printed_with_the_settings(tmp_path):
    assert "geheim" not in repr(config.load({"DUBAN_MAIL_PASSWORD": "geheim"}, tmp_path))


def test_front_end_files_that_were_not_fetched_are_told_but_it_starts(tmp_path, monkeypatch):
    monkeypatch.setattr(config, "VENDOR", tmp_path / "nothing")
    settings = config.load({}, tmp_path)
    assert [fault.id for fault in config.check(settings)] == ["S12"]
    (tmp_path / "nothing").mkdir()
    for name in config.FILES_OF_OTHERS:
        (tmp_path / "nothing" / name).write_text("")
    assert config.check(settings) == []


def test_https_makes_the_session_cookie_secure(tmp_path):
    assert config.load({"DUBAN_PUBLIC_URL": "https://ts.example/"}, tmp_path).flask()["SESSION_COOKIE_SECURE"] is True
    assert config.load({}, tmp_path).flask()["SESSION_COOKIE_SECURE"] is False


def test_a_failed_statement_is_logged_without_what_people_typed(tmp_path):
    for environ in ({}, {"DATABASE_URL": "postgresql+psycopg://u:p@localhost/d"}):
        assert config.load(environ, tmp_path).flask()["SQLALCHEMY_ENGINE_OPTIONS"]["hide_parameters"] is True
