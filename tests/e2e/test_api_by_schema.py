"""schemathesis over /api/v1: whatever its own description allows, and what it does not, is answered as described."""

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
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from mingshi.kernel.timeline import SECOND

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def pages():
    with tempfile.TemporaryDirectory() as folder, pages_of(Path(folder)) as opened:
        yield opened


def test_every_answer_is_as_described(pages):
    description = schemathesis.openapi.from_asgi("/api/v1/openapi.json", pages.app)
    seen = 0
    for found in description.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=int(os.environ.get("EXAMPLES", "100")),
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
    assert seen == 5
