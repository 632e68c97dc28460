from datetime import date

import pytest

from mingshi.files.read_case import read_case
from mingshi.files.write_case import write_folder, write_workbook
from mingshi.kernel.timeline import DAY, Micros, Zone
from tests.unit.files.case_files import BASIS


def info(folder, text: str):
    return read_case(folder(**{"case.toml": text})).info


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        *(
            ("+08:00", 480),
            ("UTC+8", 480),
            ("GMT+08:00", 480),
            ("+8", 480),
            ("Asia/Shanghai", 480),
            ("北京时间", 480),
        ),
        *(("-03:30", -210), ("utc", 0), ("Asia/Hong_Kong", 480), ("+0530", 330)),
    ],
)
def test_a_zone_is_a_fixed_offset(folder, written, minutes):
    assert info(folder, f'zone = "{written}"').zone == Zone(minutes)


def test_everything_may_be_left_out(folder):
    read = info(folder, "")
    assert (read.format_version, read.zone, read.opened_at, read.as_of, read.policy) == (1, Zone(480), None, None, "")


def test_a_day_counts_from_its_start_and_to_its_end(folder):
    read = info(folder, "as_of = 2026-06-30\n[project]\nopened = 2026-01-01\n")
    assert read.opened_at == Zone().start(date(2026, 1, 1))
    assert read.as_of == Zone().end(date(2026, 6, 30))


@pytest.mark.parametrize(
    "written", ["2026-06-30T12:00:00", "2026-06-30T04:00:00Z", '"2026/6/30 12:00"', '"2026-06-30T13:00:00+09:00"']
)
def test_moments_may_be_dates_of_toml_or_texts_as_in_cells(folder, written):
    noon = Micros(Zone().start(date(2026, 6, 30)) + DAY // 2)
    assert info(folder, f"as_of = {written}").as_of == noon


def test_an_unknown_key_is_said(folder):
    case = read_case(folder(**{"case.toml": BASIS + 'colour = "red"\n[sources]\n"没有" = "x"\n"成交" = "销售系统"\n'}))
    assert [(each.code, each.column) for each in case.notices] == [
        ("unknown_key", "colour"),
        ("unknown_key", "sources.没有"),
    ]
    assert case.info.sources == {"deals": "销售系统"}


POLICY = '# 夏季\nbase = "classic"\n\n[parameters]\nlead_min = 60\n'


@pytest.mark.parametrize("language", ["zh", "en"])
def test_policies_and_info_go_the_same_way_through_folder_and_workbook(folder, tmp_path, language):
    text = 'format = 1\nzone = "+08:00"\nas_of = 2026-06-30\npolicy = "policies/夏.toml"\nbasis = "=同意"\n[project]\nname = "示例 \\"花园\\"\\n二期"\nopened = 2026-01-01\n'
    case = read_case(folder(**{"case.toml": text, "policies/夏.toml": POLICY}))
    assert case.policies == {"夏.toml": POLICY}
    write_folder(case, tmp_path / "o", language)
    write_workbook(case, tmp_path / "o.xlsx", language)
    assert read_case(tmp_path / "o") == case
    assert read_case(tmp_path / "o.xlsx") == case
    assert (tmp_path / "o" / "policies" / "夏.toml").read_text() == POLICY


def test_the_same_case_gives_the_same_bytes(folder, tmp_path):
    case = read_case(folder())
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(case, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
