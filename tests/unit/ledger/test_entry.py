"""An entry tells nothing of what it commits to, so that this can be erased and the log still verifies (INV-08)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingshi.kernel import canonical as kernel
from mingshi.ledger import verify as v
from mingshi.ledger.entry import WITHOUT_HOLDER, Fact, Part

SITE = "haitang.example/site/7"
AGENT = Part(b"a" * 32, {"agent": "A1", "at_us": 1_790_000_000_000_000})
BUYER = Part(b"b" * 32, {"name": "林海棠"})


def test_an_entry_holds_nothing_but_site_number_kind_and_commitments():
    entry = Fact(kind="registration", parts=(AGENT, BUYER)).entry(SITE, 5)
    assert kernel.loads(entry.data) == {
        "v": 1,
        "site": SITE,
        "seq": 5,
        "kind": "registration",
        "cms": [v.b64(each) for each in entry.cms],
    }
    assert "林".encode() not in entry.data
    assert b"A1" not in entry.data


def test_the_bytes_of_an_entry_are_for_ever():
    entry = Fact(kind="registration", parts=(AGENT, BUYER)).entry(SITE, 5)
    assert entry.data == (  # the commitments as `openssl dgst -sha256 -mac HMAC` gives them
        b'{"cms":["4ci5H3Zoq4yamgnjbSQd605ZfCSzjhQZDz+wPdAdQnA=",'
        b'"GQfeK3kTHhqUWeJq9D2paZurJiyjDK4EnP9Y0GSyFhE="],'
        b'"kind":"registration","seq":5,"site":"haitang.example/site/7","v":1}'
    )


def test_the_kinds_and_their_parts_are_for_ever():
    assert list(v.PARTS) == [
        "registration",
        "confirmation",
        "arrival",
        "statement",
        "escort",
        "deal",
        "payment",
        "cancellation",
        "ruling",
        "decision",
        "objection",
        "settlement",
        "consent",
        "withdrawal",
        "session",
        "policy",
        "notice",
        "erasure",
        "control",
    ]


def test_canonical_json_here_is_the_kernels():
    value = {"b": [1, True, None, "\u2028é\x7f"], "a": {"\n": -(2**53) + 1}}
    assert v.canonical(value) == kernel.dumps(value)


def test_each_part_opens_by_itself_and_only_with_its_salt_and_place():
    fact = Fact(kind="registration", parts=(AGENT, BUYER))
    entry = fact.entry(SITE, 5)
    agents, buyers = fact.openings()
    v.check_openings(entry, [agents])
    v.check_openings(entry, [buyers])  # the agent's erased: the buyer's still opens
    for wrong in (
        agents._replace(salt=b"c" * 32),
        agents._replace(at=1),
        agents._replace(value=buyers.value),
    ):
        with pytest.raises(v.RefusedError) as no:
            v.check_openings(entry, [wrong])
        assert no.value.code == "OPENING_MISMATCH"


def test_the_same_part_under_another_salt_looks_like_another():
    one, two = (Fact(kind="consent", parts=(Part(salt, BUYER.value),)) for salt in (b"a" * 32, b"b" * 32))
    assert one.entry(SITE, 1).cms != two.entry(SITE, 1).cms


def test_hmac_pads_short_keys_so_only_32_bytes_are_a_salt():
    import hmac

    assert hmac.digest(b"k", b"m", "sha256") == hmac.digest(b"k\0", b"m", "sha256")
    for length in (0, 31, 33):
        with pytest.raises(AssertionError, match="32 bytes"):
            Part(b"s" * length, {})
        with pytest.raises(v.RefusedError, match="BAD_SALT"):
            v.Opening.parse({"at": 0, "salt": v.b64(b"s" * length), "value": {}})


def test_a_name_spelt_in_two_ways_is_refused():
    with pytest.raises(AssertionError, match="NFC"):
        Part(b"s" * 32, {"names": [{"n": "e\u0301"}]})


def test_a_part_that_nobody_holds_is_hidden_like_any_other():
    entry = Fact(kind="arrival", parts=(Part(b"a" * 32, WITHOUT_HOLDER), BUYER)).entry(SITE, 0)
    assert len(entry.cms) == 2


@pytest.mark.parametrize(("kind", "count"), [("registration", 1), ("registration", 3), ("deal", 2), ("deal", 65)])
def test_a_kind_has_its_own_parts(kind, count):
    parts = tuple(Part(at.to_bytes(32), {}) for at in range(count))
    with pytest.raises(v.RefusedError, match="MALFORMED_ENTRY"):
        Fact(kind=kind, parts=parts).entry(SITE, 0)


def test_a_deal_has_a_part_for_each_agent():
    entry = Fact(kind="ruling", parts=tuple(Part(at.to_bytes(32), {}) for at in range(5))).entry(SITE, 0)
    assert [entry.part(at) for at in range(5)] == ["deal", "buyer", "agent", "agent", "agent"]


def test_an_agent_can_still_show_the_number_they_typed():
    salt = b"s" * 32
    value = {"phone_mac": v.phone_mac(salt, "138 0000 0001")}
    openings = [v.Opening(0, salt, value)]
    v.check_phone(openings, "138 0000 0001")
    with pytest.raises(v.RefusedError, match="PHONE_MISMATCH"):
        v.check_phone(openings, "138 0000 0002")


TEXTS = st.text(st.characters(codec="utf-8")).map(lambda text: unicodedata.normalize("NFC", text))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc_", max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(value=st.dictionaries(st.text("abc_é", max_size=4), VALUES, max_size=5))
def test_a_parts_bytes_are_the_canonical_ones_and_what_has_none_is_refused(value):
    if not all(key.isascii() for key in value):
        with pytest.raises(ValueError, match="ASCII"):
            Part(b"s" * 32, value)
        return
    part = Part(b"s" * 32, value)
    assert part.data == v.canonical(value)
    assert part.commitment("buyer") == v.commitment(part.salt, "buyer", value)


@pytest.mark.parametrize("wrong", [2**53, -(2**53), 1.5, "\ud800", {"é": 1}, [2**53], b"x"])
def test_what_has_no_canonical_form_is_no_part(wrong):
    with pytest.raises(ValueError, match=r"beyond|a float|surrogates|ASCII|a bytes"):
        Part(b"s" * 32, {"n": wrong})


@pytest.mark.parametrize("kind", sorted(v.PARTS))
def test_an_entry_that_is_made_reads_back_as_itself(kind):
    entry = Fact(kind=kind, parts=tuple(Part(at.to_bytes(32), {}) for at, _ in enumerate(v.PARTS[kind]))).entry(SITE, 7)
    assert v.Entry.parse(entry.value) == entry


def test_a_part_whose_bytes_are_given_is_the_same_part():
    given_ = Part(b"b" * 32, BUYER.value, v.canonical(BUYER.value))
    assert (given_, given_.data, given_.commitment("buyer")) == (BUYER, BUYER.data, BUYER.commitment("buyer"))
    with pytest.raises(AssertionError, match="NFC"):
        Part(b"b" * 32, {"a": "e\u0301"}, v.canonical({"a": "e\u0301"}))
