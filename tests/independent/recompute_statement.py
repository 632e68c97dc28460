"""An agency recomputes its month from the exported case alone: standard library, nothing of mingshi, 100 lines.

usage: recompute_statement.py CASE_FOLDER RULINGS.jsonl PAYEE YYYY-MM   (case with English headers, zone +08:00)
prints: opening, became due, paid, closing, in 分. What is due on a day is reckoned anew for every day.
"""

import csv
import json
import sys
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

STAGE1, NEEDED = 500_000, 300_000  # half at 认购; the rest once 30 % is received


def day(text):
    return date.fromisoformat(text[:10]) if text else date.max


def fen(text):
    whole, _, cents = text.partition(".")
    return int(whole) * 100 + (-1 if text.startswith("-") else 1) * int((cents + "00")[:2])


def ppm(text):
    whole, _, rest = (text or "0").rstrip("%").partition(".")
    return int(whole) * 10_000 + int((rest + "0000")[:4])


def part(amount, share):  # half away from zero
    return (amount * share * 2 + 1_000_000) // 2_000_000


def portion(amount, shares, index):  # the largest part takes what rounding leaves
    largest = max(range(len(shares)), key=lambda i: shares[i])
    rest = sum(part(amount, share) for i, share in enumerate(shares) if i != largest)
    return amount - rest if index == largest else part(amount, shares[index])


class Case:
    def __init__(self, folder, rulings):
        self.folder, self.cancelled, self.ruled = Path(folder), defaultdict(lambda: date.max), {}
        for row in self.sheet("cancellations"):
            if row["kind"] != "intent":
                self.cancelled[row["deal"]] = min(self.cancelled[row["deal"]], day(row["at"]))
        for line in Path(rulings).read_text(encoding="utf-8").splitlines():
            r = json.loads(line)
            parts = r["outcome"].get("parts") or [{"to": r["outcome"], "share_ppm": 1_000_000}]
            at = timedelta(
                hours=8, microseconds=r["decision"]["at"] if r["status"] == "decided" else r["closes_at"] + 1
            )
            final = date.max if r.get("needs") else (datetime(1970, 1, 1, tzinfo=UTC) + at).date()
            self.ruled[r["deal"]] = [p["to"] for p in parts], [p["share_ppm"] for p in parts], final
        self.deals, self.terms = self.sheet("deals"), self.sheet("terms")
        self.agreements = {row["agency"]: row for row in self.sheet("agreements")}
        self.payments, self.invoices, words = self.sheet("payments"), self.sheet("invoices"), self.sheet("statements")
        self.said = {row["phone"]: day(row["at"]) for row in reversed(words)}

    def sheet(self, name):
        path = self.folder / f"{name}.csv"
        return list(csv.DictReader(path.open(encoding="utf-8-sig"))) if path.exists() else []

    def place(self, deal, agency, on, retroactive):  # the deal's number among its agency's, cancelled ones left out
        to = {name for name, (outcomes, _, _) in self.ruled.items() if agency in {o.get("agency") for o in outcomes}}
        mine, best = sorted((day(d["subscribed_at"]), d["deal"]) for d in self.deals if d["deal"] in to), 0
        for when, name in [each for each in mine if each[0] <= on]:
            own = 1 + sum(1 for other in mine if other < (when, name) and self.cancelled[other[1]] > when)
            if name == deal["deal"] and not retroactive:
                return own
            best = max(best, own) if self.cancelled[name] > when or name == deal["deal"] else best
        return best

    def earned(self, deal, agency, received, on):  # commission and bonus by the terms in force at subscription
        whole = bonus = 0
        for t in (t for t in self.terms if t["agency"] == agency):
            if not day(t["since"]) <= day(deal["subscribed_at"]) <= day(t["until"]):
                continue
            base = min(received, fen(deal["price_yuan"])) if t.get("rate_percent") else 0
            worth = part(base, ppm(t["rate_percent"])) if t.get("rate_percent") else fen(t["amount_yuan"])
            at = self.place(deal, agency, on, t.get("scope") == "retroactive")
            if t["kind"] in ("fixed", "percent") and int(t["from_unit"] or 1) <= at <= int(t["to_unit"] or 10**9):
                whole += worth
            bonus += worth if t["kind"] == "bonus" else 0
        return whole, bonus

    def of_deal(self, deal, payee, on):
        outcomes, shares, final = self.ruled[deal["deal"]]
        got = [p for p in self.payments if p["deal"] == deal["deal"] and day(p["at"]) <= on]
        stated = not self.said or any(self.said.get(buyer, date.max) <= on for buyer in deal["buyers"].split(";"))
        earnest = not self.payments or any(fen(p["amount_yuan"]) > 0 and p["kind"] != "intent" for p in got)
        if not (max(final, day(deal["subscribed_at"])) <= on < self.cancelled[deal["deal"]] and stated and earnest):
            return 0
        received, owed = sum(fen(p["amount_yuan"]) for p in got), 0
        enough = day(deal.get("loan_approved_at")) <= on or received >= part(fen(deal["price_yuan"]), NEEDED)
        second = day(deal["contracted_at"]) <= on and enough
        for index, agency in [(i, o["agency"]) for i, o in enumerate(outcomes) if o["kind"] == "CHANNEL"]:
            whole, bonus = (portion(each, shares, index) for each in self.earned(deal, agency, received, on))
            chain = self.agreements.get(agency, {})
            top, first = chain.get("platform") or agency, part(whole, STAGE1)
            mine = (i for i in self.invoices if (i["agency"], i["deal"]) == (top, deal["deal"]) and day(i["at"]) <= on)
            covered = sum(fen(i["amount_yuan"]) for i in mine if i.get("matched", "yes") != "no")
            for amount, released in ((first, True), (whole - first, second), (bonus, second)):
                pay = (min(amount, covered) if self.invoices else amount) if released else 0
                covered = max(covered - amount, 0)
                owed += pay if payee == top else 0
                owed += pay - part(pay, ppm(chain.get("platform_fee_percent"))) if payee == agency != top else 0
        return owed


def main(folder, rulings, payee, month):
    case, start = Case(folder, rulings), date.fromisoformat(f"{month}-01")
    eve, end = start - timedelta(1), (start + timedelta(31)).replace(day=1) - timedelta(1)
    before, now = (sum(case.of_deal(deal, payee, on) for deal in case.deals) for on in (eve, end))
    paid = [(day(p["at"]), fen(p["amount_yuan"])) for p in case.sheet("commissions_paid") if p["agency"] == payee]
    earlier, this = sum(fen for at, fen in paid if at < start), sum(fen for at, fen in paid if start <= at <= end)
    print(before - earlier, now - before, this, now - earlier - this)


if __name__ == "__main__":
    main(*sys.argv[1:])
