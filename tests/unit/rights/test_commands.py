"""The commands of the rights, on a real folder."""

import json
import os

import pytest
import site_folder
from click.testing import CliRunner
from lawful import notice_for
from office import phone

from mingshi.app.check_in import CheckIn, check_in
from mingshi.app.publish_notice import in_force
from mingshi.cli import main
from mingshi.domain.evidence import DoorCode, Means
from mingshi.domain.notice.purpose import Purpose
from mingshi.site.root import system_clock


@pytest.fixture
def site(quick_path):
    site_folder.make(quick_path / "site", os.urandom, now=system_clock())
    return quick_path


def _run(*arguments):
    return CliRunner().invoke(main, [str(one) for one in arguments])


def test_a_person_is_erased_from_the_command_line(site):
    data = site / "site"
    with site_folder.opened(data, system_clock) as opened:
        assert opened.run(check_in, CheckIn(phone(1), Means.OTP, DoorCode.VALID)).answer
    told = _run("erase", "--data", data, "--phone", phone(1), "--explain")
    assert told.exit_code == 0, told.output
    assert "会销毁 1 项记录" in told.output
    gone = _run("erase", "--data", data, "--phone", phone(1), "--by", "owner", "--json")
    assert gone.exit_code == 0, gone.output
    result = json.loads(gone.output)["result"]
    assert (result["left"], result["done"]) == (0, True)
    assert len(result["salt"]) == 44
    again = _run("erase", "--data", data, "--phone", phone(1), "--by", "owner")
    assert again.exit_code == 2
    assert "Nothing is held on you" in again.output
    assert _run("backup", "--data", data, "--to", site / "to", "--keys", site / "keys").exit_code == 0
    proven = _run("erase", "--data", data, "--by", "owner", "--prove", site / "keys" / "person-keys")
    assert result["erasure"] in proven.output
    assert _run("fsck", "--data", data).exit_code == 0


def test_a_notice_with_a_fault_is_told_line_by_line_and_a_whole_one_is_published(site):
    data, file = site / "site", site / "notice.json"
    good = notice_for(Purpose.ATTRIBUTION, system_clock() + 60_000_000)
    words = {**good.words, "retention": good.words["retention"]._replace(zh=("永久保存",))}
    file.write_text(good._replace(words=words).text, encoding="utf-8")
    bad = _run("notice", "--data", data, "--publish", file, "--by", "m1")
    assert bad.exit_code == 1
    assert "retention zh: 此用语使同意无效 / this wording makes a consent void 永久" in bad.output
    file.write_text(good.text, encoding="utf-8")
    assert "已发布" in _run("notice", "--data", data, "--publish", file, "--by", "m1").output
    file.write_text("{}", encoding="utf-8")
    assert _run("notice", "--data", data, "--publish", file, "--by", "m1").exit_code == 2
    assert _run("notice", "--data", data).exit_code == 0


def test_retention_and_assessment_say_how_they_stand(site):
    data = site / "site"
    told = _run("retention", "--data", data, "--sweep")
    assert told.exit_code == 0, told.output
    assert "due: 0" in told.output
    pia = _run("pia", "--data", data)
    assert pia.exit_code == 0, pia.output
    assert "没有签署的影响评估" in pia.output


def test_a_new_site_takes_nobody_before_its_notices_stand_and_they_are_drafted_published_and_printed(quick_path):
    data, drafts, signs = quick_path / "site", quick_path / "drafts", quick_path / "signs"
    made = _run("init", data, "--origin", "haitang.example/site/9", "--project", "海棠湾")
    assert "先发布告知再开门" in made.output, made.output
    refused = _check_in(data)
    assert refused.reason == "no_consent"
    assert _run("notice", "--data", data, "--draft", drafts, "--handler", "甲置业").exit_code == 2
    own = (
        "--address",
        "示例市",
        "--contact",
        "010-00000000",
        "--officer",
        "李示例",
        "--link",
        "https://haitang.example/n",
    )
    drafted = _run("notice", "--data", data, "--draft", drafts, "--handler", "甲置业", "--handler", "乙代理", *own)
    assert drafted.exit_code == 0, drafted.output
    assert {path.stem for path in drafts.iterdir()} == {"attribution", "registration", "face_pass", "marketing"}
    for path in sorted(drafts.iterdir()):
        assert "已发布" in _run("notice", "--data", data, "--publish", path, "--by", "m1").output
    assert _run("notice", "--data", data, "--sign", signs).exit_code == 0
    assert len(list(signs.iterdir())) == 4 * 2 * 3
    assert "甲置业" in (signs / "attribution-large-zh.html").read_text(encoding="utf-8")
    with site_folder.opened(data, system_clock) as site:
        in_an_hour = site.clock() + 3_700_000_000
        assert site.store.look(lambda t: in_force(t, Purpose.ATTRIBUTION, in_an_hour), now=in_an_hour)


def _check_in(data):
    with site_folder.opened(data, system_clock) as opened:
        return opened.run(check_in, CheckIn(phone(1), Means.OTP, DoorCode.VALID)).answer
