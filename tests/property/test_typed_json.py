"""`dumps_typed` writes what `canonical.dumps` writes (INV-06: one value, one sequence of bytes)."""

from hypothesis import given
from hypothesis import strategies as st

from mingshi.kernel.canonical import SAFE_INTEGER, Json, dumps
from mingshi.kernel.typed_json import dumps_typed

KEYS = st.text(st.characters(max_codepoint=127))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
INTEGERS = st.integers(-SAFE_INTEGER, SAFE_INTEGER)
VALUES = st.recursive(
    st.none() | st.booleans() | INTEGERS | TEXTS,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(KEYS, inner),
    max_leaves=30,
)


@given(VALUES)
def test_the_fast_writer_writes_canonical_json(value: Json) -> None:
    assert dumps_typed(value) == dumps(value)
