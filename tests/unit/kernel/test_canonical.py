import pytest

from mingshi.kernel.canonical import Json, NotCanonicalError, dumps, loads, sha256_hex


def test_keys_are_sorted_and_nothing_is_added():
    assert dumps({"b": [1, "二"], "a": None}) == '{"a":null,"b":[1,"二"]}'.encode()


def test_escapes_are_those_of_rfc_8785():
    assert dumps('\u0007\b\t\n\f\r"\\/\u007fé') == b'"\\u0007\\b\\t\\n\\f\\r\\"\\\\/\x7f\xc3\xa9"'


@pytest.mark.parametrize("value", [1.0, 2**53, -(2**53), {1: "a"}, {"é": 1}, "\ud800", object(), [b"x"]])
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(NotCanonicalError):
        dumps(value)


@pytest.mark.parametrize("text", ['{"a":1,"a":2}', "1.5", "1e3", "NaN", '"\\ud800"', "9007199254740992", "{", b"\xff"])
def test_reading_refuses_what_writing_would(text):
    with pytest.raises(NotCanonicalError):
        loads(text if isinstance(text, bytes) else text.encode())


def test_read_and_written_again_is_the_same():
    value: Json = {"a": [True, False, None, -3, "王测试", {"b": {}}], "c": 2**53 - 1}
    assert loads(dumps(value)) == value
    assert sha256_hex(value) == sha256_hex(loads(dumps(value)))
