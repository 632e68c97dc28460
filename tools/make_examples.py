"""Write examples/office and examples/office.xlsx from the facts in examples/office.facts."""

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.cases.dsl import Case, load  # noqa: E402

from mingshi.domain.evidence import PolicyRow  # noqa: E402
from mingshi.domain.policy import SHIPPED, Policy  # noqa: E402
from mingshi.files.case import CaseInfo, case_of, table_of  # noqa: E402
from mingshi.files.format import SHEETS  # noqa: E402
from mingshi.files.write_case import write_folder, write_workbook  # noqa: E402

FACTS = ROOT / "examples" / "office.facts"


def policy_rows(case: Case) -> list[PolicyRow]:
    """What each version changes of its base."""
    rows = []
    for effective_from, policy, countersigned in case.policies.versions:
        base = min(SHIPPED, key=lambda name: len(_changes(policy, SHIPPED[name])))
        for name, value in _changes(policy, SHIPPED[base]).items():
            rows.append(PolicyRow(policy.version, base, effective_from, name, str(value).lower(), countersigned))
    return rows


def _changes(policy: Policy, base: Policy) -> dict[str, object]:
    return {name: value for name, value in policy.parameters.items() if value != base.parameters[name]}


def main(out: Path) -> None:
    """Both forms, from nothing."""
    facts = load(FACTS.read_text(encoding="utf-8"))
    info = CaseInfo(
        project="示例花园",
        as_of=facts.as_of,
        basis="虚构的示例，没有真实个人信息",
        sources={"deals": "人工编写的示例", "registrations": "人工编写的示例"},
    )
    tables = [table_of(sheet.name, facts.kinds[sheet.record]) for sheet in SHEETS if facts.kinds.get(sheet.record)]
    case = case_of(info, [*tables, table_of("policies", policy_rows(facts))])
    shutil.rmtree(out / "office", ignore_errors=True)
    (out / "office.xlsx").unlink(missing_ok=True)
    write_folder(case, out / "office", "zh")
    write_workbook(case, out / "office.xlsx", "zh")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "examples")
