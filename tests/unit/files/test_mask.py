import pytest

from mingshi.files.mask import masked, one_line


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        *(
            ("16000000001", "160******01"),
            ("160 0000 0001", "160******01"),
            ("00000019000101001X", "0***"),
            ("000000190001010010", "00********"),
        ),
        *(
            ("王测试", "王**"),
            ("王", "王"),
            ("Wang", "W***"),
            ("王 16000000001", "王***"),
            ("tel:16000000001", "t***"),
        ),
        *(
            ("2026-05-03 09:12:00", "2026-05-03 09:12:00"),
            ("2026-02-30", "2026-02-30"),
            ("R-17", "R-17"),
            ("1.005", "1.005"),
        ),
        *(("", ""), ("  ", ""), ("x" * 60, "x***"), ("a1\x1b[31m", "a***")),
    ],
)
def test_a_value_is_shown_without_telling_who(value, shown):
    assert masked(value, personal=False) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [("Wang3", "W***"), ("A1", "A*"), ("160****0001", "1***"), ("16000000001", "160******01")]
)
def test_a_personal_column_shows_no_more_than_a_beginning(value, shown):
    assert masked(value, personal=True) == shown


def test_what_is_shown_cannot_drive_a_terminal():
    assert one_line("a\x1b[31m\r\nb\u202e") == "a\ufffd[31m\ufffd\ufffdb\ufffd"
    assert len(one_line("x" * 500)) == 81
