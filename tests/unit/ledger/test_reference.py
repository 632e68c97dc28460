import pytest
import segno
import zxingcpp
from attack_world import ORIGIN, World

from mingshi.ledger import verify as v
from mingshi.ledger.reference import Reference, base45, full_text, receipt_of, unbase45
from mingshi.present.receipt_sheet import qr_svg, sheet_html, short_code


@pytest.fixture(scope="module")
def world():
    world = World()
    for at in range(5):
        world.register(f"A{at}", str(at))
    world.publish()
    return world


def scanned(text, *, error):
    """What a scanner reads from the printed code."""
    code = segno.make_qr(text, error=error, boost_error=False)
    rows = [bytes(0 if dark else 255 for dark in row for _ in range(4)) for row in code.matrix_iter(border=4)]
    height, width = len(rows) * 4, len(rows[0])
    image = memoryview(b"".join(row for row in rows for _ in range(4))).cast("B", (height, width))
    (found,) = zxingcpp.read_barcodes(image)
    return found.text


@pytest.mark.parametrize(("data", "text"), [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581")])
def test_base45_is_that_of_rfc_9285(data, text):
    assert base45(data) == text
    assert unbase45(text) == data


@pytest.mark.parametrize("text", ["GGW", "A", ":::", "ab", "AAé"])
def test_base45_that_nobody_writes_is_refused(text):
    with pytest.raises(ValueError, match="base45"):
        unbase45(text)


def test_the_short_code_is_66_bytes_in_version_6_or_less_and_scans(world):
    verdict = v.verify_receipt(world.receipt(3), world.trust)
    text = short_code(verdict)
    assert len(unbase45(text.removeprefix("MS1:"))) == 66
    assert segno.make_qr(text, error="M", boost_error=False).version <= 6
    assert scanned(text, error="M") == text
    assert Reference.parse(text) == Reference.to(ORIGIN, v.unb64(verdict.facts["leaf"]), 3, 5)


def test_the_full_code_gives_the_receipt_back_and_scans(world):
    receipt = world.receipt(3)
    text = full_text(receipt)
    assert segno.make_qr(text, error="L", boost_error=False).version <= 32
    assert receipt_of(scanned(text, error="L")) == receipt


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: t[:-3],
        lambda t: t + "000",
        lambda t: t.replace("MS2", "MS3"),
        lambda _: "MS2:",
        lambda t: t[:40] + t[43:],
    ],
)
def test_a_code_misread_is_refused(world, spoil):
    with pytest.raises(ValueError, match="/"):
        receipt_of(spoil(full_text(world.receipt(3))))


def test_a_short_code_of_another_kind_is_refused(world):
    text = short_code(v.verify_receipt(world.receipt(3), world.trust))
    for wrong in ("MS2" + text[3:], text[:-3], "MS1:" + base45(b"\0\2" + b"x" * 64)):
        with pytest.raises(ValueError, match=r"短码|base45"):
            Reference.parse(wrong)


def test_the_sheet_prints_every_fingerprint_and_fetches_nothing(world):
    receipt = world.receipt(3)
    page = sheet_html(receipt, v.verify_receipt(receipt, world.trust), world.policy)
    policy = v.Policy.parse(world.policy)
    for key in (*policy.logs, *(each.key for each in policy.witnesses)):
        assert v.fingerprint(str(key)) in page
    assert v.fingerprint(world.policy) in page
    assert "<script" not in page
    assert "src=" not in page
    assert page.count("<svg") == 2


def test_a_code_too_large_is_refused():
    with pytest.raises(ValueError, match="太长"):
        qr_svg("A" * 200, error="M", version_max=6)
