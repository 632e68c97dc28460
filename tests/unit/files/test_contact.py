import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingshi.domain.ids import is_masked, visible
from mingshi.files.contact import are_canonical, contact, contacts
from mingshi.files.problem import CellError

FULL = "16000000001"
MASKED = "160****0001"


@pytest.mark.parametrize(
    "written",
    [
        *(FULL, " 16000000001 ", "160 0000 0001", "160-0000-0001", "1600000 0001", "16000000001.0", "16000000001.00"),
        *("+8616000000001", "+86 160 0000 0001", "+86-16000000001", "008616000000001", "0086 16000000001"),
        *("86-16000000001", "8616000000001", "(86)16000000001", "（+86）16000000001"),
        *(
            "１６００００００００１",
            "１６０－００００－０００１",
            "\u202d16000000001\u202c",
            "\ufeff16000000001",
            "\t16000000001\n",
        ),
        *("1.6000000001E+10", "1.6000000001e10"),
    ],
)
def test_every_spelling_of_a_mobile_is_one_number(written):
    assert contact(written) == FULL


@pytest.mark.parametrize(
    "written",
    [
        *(MASKED, "160xxxx0001", "160XXXX0001", "160＊＊＊＊0001", "160 **** 0001", "160-****-0001", "160××××0001"),
        *("160●●●●0001", "160····0001", "160....0001", "160…0001", "160____0001", "160####0001", "160**0001"),
        *("160********0001", "1600***0001", "+86 160****0001", "86-160****0001", "160？？？？0001", "160☆☆☆☆0001"),
    ],
)
def test_every_spelling_of_a_masked_number_shows_first_three_and_last_four(written):
    assert contact(written) == MASKED
    assert is_masked(contact(written))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("0571-88880000", "057188880000"),
        ("(0571) 8888 0000", "057188880000"),
        ("+86 571 8888 0000", "057188880000"),
        ("+86-0571-88880000", "057188880000"),
        ("010-88880000", "01088880000"),
        ("0571-88880000转12", "057188880000-12"),
        ("0571-88880000-12", "057188880000-12"),
        ("010-8888-0000", "01088880000"),
        ("400-123-4567", "4001234567"),
        ("+852 9123 4567", "+85291234567"),
        ("0085291234567", "+85291234567"),
        ("+1 (202) 555-0100", "+12025550100"),
        ("#12.3", "#12.3"),
        ("#12", "#12"),
        ("", ""),
        (" 　", ""),
        ("-", ""),
        ("——", ""),
    ],
)
def test_other_numbers_keep_their_one_form(written, kept):
    assert contact(written) == kept
    assert contact(contact(written)) == kept


@pytest.mark.parametrize(
    "written",
    [
        "16000000001 16000000002",
        "16000000001；16000000002",
        "16000000001、 ",
        "16000000001\n16000000002",
        "16000000001/2",
    ],
)
def test_one_cell_holds_one_number(written):
    if written.endswith("、 "):
        assert contact(written) == FULL  # a separator after the only number parts nothing
    else:
        with pytest.raises(CellError, match="several_phones"):
            contact(written)


def test_a_list_of_numbers_is_parted_and_each_kept_once():
    written = "16000000001；160 0000 0002、160****0003/16000000001\n#1.2"
    assert contacts(written) == (FULL, "16000000002", "160****0003", "#1.2")
    assert contacts("16000000001 16000000002") == (FULL, "16000000002")
    assert contacts("") == ()


def test_a_cell_of_two_lines_is_not_taken_for_two_canonical_cells():
    assert are_canonical(["16000000001", "", MASKED, "#1.2"])
    assert not are_canonical(["16000000001\n16000000002"])
    assert not are_canonical(["16000000001 "])


@given(st.text("0123456789*#.+-xX ()/;转 １＊", max_size=16))
def test_whatever_is_read_is_read_again_as_itself(text):
    try:
        read = contact(text)
    except CellError:
        return
    assert contact(read) == read
    assert visible(visible(read)) == visible(read) or not read
