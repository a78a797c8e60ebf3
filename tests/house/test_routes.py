"""Every address of the application, found by asking it, is shut to a stranger unless it is named public."""

import pytest

from views.base import PUBLIC

VALUES = {"int": 1, "path": "x", "default": "1"}
TURNED_AWAY = {302, 401, 403, 404}


def addresses(app):
    """Each rule with each method, with something in the place of every argument."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC or rule.endpoint.endswith(".static"):
            continue
        values = {name: _value(rule, name) for name in rule.arguments}
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            with app.test_request_context():
                yield rule.endpoint, method, app.url_for(rule.endpoint, **values)


def _value(rule, name):
    """Something that fits: of a choice its first word, else by the kind of the argument."""
    converter = rule._converters[name]
    if choice := getattr(converter, "items", None):
        return sorted(choice)[0]
    kind = type(converter).__name__.removesuffix("Converter").lower().replace("integer", "int")
    return VALUES.get(kind, "1")


def test_the_public_addresses_are_few_and_exist(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints >= PUBLIC
    assert len(PUBLIC) < 12


def test_a_stranger_is_turned_away_from_every_other_address(app, client):
    app.config["WTF_CSRF_ENABLED"] = False
    asked = list(addresses(app))
    assert len(asked) > 30
    let_in = []
    for endpoint, method, address in asked:
        answer = client.open(address, method=method)
        home = answer.headers.get("Location", "/login").partition("?")[0]
        if answer.status_code not in TURNED_AWAY or "login" not in home:
            let_in.append(f"{method} {endpoint} {address}: {answer.status_code} {home}")
    assert let_in == []


def test_every_writing_address_refuses_a_form_without_its_token(app, client):
    writing = [(endpoint, address) for endpoint, method, address in addresses(app) if method == "POST"]
    token_free = [
        f"{endpoint}: {answer.status_code}"
        for endpoint, address in writing
        if not endpoint.startswith("api.")
        and (answer := client.post(address, data={"a": "1"})).status_code not in (302, 400, 401, 403, 404)
    ]
    assert token_free == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_address_that_nobody_made_is_not_found(client, method):
    assert client.open("/there/is/nothing/here", method=method).status_code in (302, 400, 401, 404)
