import pytest

from tests.cases.dsl import Case, load


@pytest.fixture
def case(request: pytest.FixtureRequest) -> Case:
    """The facts in the test's docstring."""
    doc = request.function.__doc__
    assert doc, "a case test needs its facts in the docstring"
    return load(doc)
