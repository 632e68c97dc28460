"""schemathesis over /api/v1: whatever its own description allows, and what it does not, is answered as described."""

import json
import os
import tempfile
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from offices import pages_of
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from mingshi.kernel.timeline import SECOND
from mingshi.web.asgi import application
from mingshi.web.routes import all_ways

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def pages():
    with tempfile.TemporaryDirectory() as folder, pages_of(Path(folder)) as opened:
        yield opened


def asked_of_all(pages, app, examples):
    """Whatever the description allows, and what it does not, asked of every call; how many calls there are."""
    seen = 0
    for found in schemathesis.openapi.from_asgi("/api/v1/openapi.json", app).get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=examples,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )
        @given(st.one_of(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))
        def check(case):
            pages.clock.skip(SECOND)  # so many calls are no minute's
            answer = case.call(headers={"authorization": f"Bearer {pages.office.token('甲公司')}"})
            checks = [status_code_conformance, content_type_conformance, response_schema_conformance]
            case.validate_response(answer, checks=[*checks, not_a_server_error])

        check()
        seen += 1
    return seen


def test_every_answer_is_as_described(pages):
    assert asked_of_all(pages, pages.app, int(os.environ.get("EXAMPLES", "100"))) == 5


def no_such_status(given):
    return given._replace(status=418)


def a_field_less(given):
    value = json.loads(given.body)
    for name in [name for name in value if isinstance(value[name], list)]:
        del value[name]
    return given._replace(body=json.dumps(value).encode())


def another_kind(given):
    return given._replace(kind="text/plain")


def a_fault(given):
    return given._replace(status=500)


@pytest.mark.parametrize(
    ("planted", "failure"),
    [
        (no_such_status, "UndefinedStatusCode"),
        (a_field_less, "JsonSchemaError"),
        (another_kind, "UndefinedContentType"),
        (a_fault, "ServerError"),
    ],
)
def test_an_answer_that_is_not_described_is_found(pages, planted, failure):
    """The test above can fail: one call of the five answers otherwise than its description says."""
    ways = [
        way._replace(handler=lambda ask, way=way: planted(way.handler(ask))) if way.path == "/api/v1/rulings" else way
        for way in all_ways(demo=False)
    ]
    with pytest.raises(FailureGroup) as raised:
        asked_of_all(pages, application(pages.office, tuple(ways), secure=False), 10)
    assert failure in {type(one).__name__ for one in raised.value.exceptions}
    assert "/api/v1/rulings" in str(raised.value)
