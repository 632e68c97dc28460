"""Rulings kept on disk are the sequence they would be in memory."""

from hypothesis import given
from hypothesis import strategies as st

from mingshi.files.kept_rulings import KeptRulings
from mingshi.kernel.canonical import dumps, loads

values = st.lists(st.dictionaries(st.text("abc", max_size=3), st.integers(-9, 9) | st.text("x客", max_size=9)))


@given(values, st.slices(6))
def test_it_is_the_list_of_what_was_appended(tmp_path_factory, rulings, part):
    path = tmp_path_factory.mktemp("kept") / "rulings.jsonl"
    with KeptRulings() as kept:
        for ruling in rulings:
            kept.append(dumps(ruling))
        assert len(kept) == len(rulings)
        assert list(kept) == list(kept) == rulings
        assert kept[part] == rulings[part]
        assert [kept[-place] for place in range(1, len(rulings) + 1)] == rulings[::-1]
        kept.write_to(path)
        assert list(kept) == rulings
    assert [loads(line) for line in path.read_bytes().splitlines()] == rulings


def test_what_is_appended_after_reading_goes_to_the_end():
    with KeptRulings() as kept:
        kept.append(b'{"a":1}')
        assert kept[0] == {"a": 1}
        kept.append(b'{"b":2}')
        assert list(kept) == [{"a": 1}, {"b": 2}]
        iterator = iter(kept)
        assert next(iterator) == {"a": 1}
        kept.append(b'{"c":3}')
        assert list(kept) == [{"a": 1}, {"b": 2}, {"c": 3}]
