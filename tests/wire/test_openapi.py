"""Every address of the OpenAPI document answers as it says, whatever it is asked."""

import json
from typing import Any
from urllib.parse import quote

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dateline.items import Kind
from dateline.wire import limits
from dateline.wire.api import api
from tests.documents import a_killed, an_item
from tests.wire.agency import Machine, a_client, a_machine, a_product

pytestmark = pytest.mark.django_db

DOCUMENT: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(), default=str))
OPERATIONS = [
    (path.removeprefix("/api/v1"), operation)
    for path, methods in DOCUMENT["paths"].items()
    for operation in methods.values()
]
KNOWN = {
    "guid": ["urn:example:story:1", "urn:example:story:2", "urn:example:story:99"],
    "product": ["herald-product", "post-product", ""],
    "format": ["ninjs", "newsml-g2", "nitf", "fax"],
    "q": ["headline", "section:economy", "*", "-topic:x", '"'],
    "after": ["", "latest", "AAAA"],
}
TEXTS = st.text(max_size=40) | st.sampled_from(["\x00", "%00", "../..", "'\"<>", "й" * 30])


def values(parameter: dict[str, Any]) -> st.SearchStrategy[str]:
    """Values a client might send: sensible ones, wrong ones, and text of any kind."""
    if parameter["schema"].get("type") == "integer":
        return st.integers(-5, 500).map(str) | TEXTS
    known = KNOWN.get(parameter["name"], [])
    return st.sampled_from(known) | TEXTS if known else TEXTS


def asked(path: str, operation: dict[str, Any]) -> st.SearchStrategy[tuple[str, dict[str, str]]]:
    """An address with its path filled in, and a query."""
    parameters = operation.get("parameters", [])
    inside = {each["name"]: values(each) for each in parameters if each["in"] == "path"}
    query = {each["name"]: values(each) for each in parameters if each["in"] == "query"}
    filled = st.fixed_dictionaries(inside).map(
        lambda given: path.format(**{n: quote(v or "-", safe=":") for n, v in given.items()})
    )
    return st.tuples(filled, st.fixed_dictionaries({}, optional=query))


@pytest.fixture
def machine(release, follow_wire, monkeypatch) -> Machine:
    monkeypatch.setattr("dateline.wire.api.counter", limits.Counter())
    release(an_item(1))
    release(an_item(1, version=2), kind=Kind.UPDATE)
    release(an_item(2))
    release(a_killed(an_item(2)), kind=Kind.KILL)
    follow_wire()
    a_machine(slug="post")
    return Machine(
        a_client("herald", a_product("herald-product", formats=["ninjs", "nitf"])),
        per_minute=1_000_000,
    )


def validator(operation: dict[str, Any]) -> Any:
    content = operation["responses"]["200"]["content"]
    schema = content["application/json"]["schema"] if "application/json" in content else {}
    return jsonschema_rs.validator_for({**schema, "components": DOCUMENT["components"]})


@pytest.mark.parametrize(("path", "operation"), OPERATIONS, ids=[path for path, _ in OPERATIONS])
def test_an_address_answers_as_the_document_says(machine, path, operation):
    valid = validator(operation)
    documented = {int(status) for status in operation["responses"]}

    @given(asked(path, operation))
    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    def ask(request: tuple[str, dict[str, str]]) -> None:
        address, query = request
        answer = machine.ask(address, **query)
        assert answer.status_code in documented, answer.content
        if answer.status_code == 200:
            faults = [str(fault) for fault in valid.iter_errors(answer.json())]
            assert faults == []
        else:
            assert answer["Content-Type"] == "application/problem+json"
            assert answer.json()["code"]

    ask()


@pytest.mark.parametrize(("path", "operation"), OPERATIONS, ids=[path for path, _ in OPERATIONS])
def test_no_address_answers_whoever_has_no_token(client, db, path, operation):
    address = path.format(guid="urn:example:story:1")

    answer = client.get(f"/api/v1{address}")

    assert (answer.status_code, answer.json()["code"]) == (401, "no-token")


def test_every_item_in_the_document_has_an_example():
    examples = DOCUMENT["components"]["schemas"]["EnvelopeSchema"]["examples"]
    schema = {"$ref": "#/components/schemas/EnvelopeSchema", "components": DOCUMENT["components"]}
    for example in examples:
        assert [str(f) for f in jsonschema_rs.validator_for(schema).iter_errors(example)] == []
