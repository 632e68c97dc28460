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

POLICY = {"stage1_percent": 50, "stage2_received_percent": 30}


def sheet(folder, name):
    path = folder / f"{name}.csv"
    return list(csv.DictReader(path.open(encoding="utf-8-sig"))) if path.exists() else []


def day(text):
    return date.fromisoformat(text[:10]) if text else None


def fen(text):
    whole, _, cents = text.partition(".")
    return int(whole) * 100 + (-1 if text.startswith("-") else 1) * int((cents + "00")[:2])


def ppm(text):
    whole, _, rest = text.rstrip("%").partition(".")
    return int(whole) * 10_000 + int((rest + "0000")[:4])


def part(amount, share):  # half away from zero
    return (amount * share * 2 + 1_000_000) // 2_000_000


def civil(micros):
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=8, microseconds=micros)).date()


def place(deal, agency, deals, ruled, cancelled, until, retroactive):
    mine = sorted((d["_day"], d["deal"]) for d in deals if agency in {o.get("agency") for o, _ in ruled[d["deal"]][0]})
    best = 0
    for when, name in mine:
        if when > until:
            break
        gone = sum(1 for w, n in mine if (w, n) < (when, name) and n in cancelled and cancelled[n] <= when)
        own = sum(1 for other in mine if other < (when, name)) - gone + 1
        if name == deal["deal"] and not retroactive:
            return own
        best = max(best, own) if not (name in cancelled and cancelled[name] <= when) or name == deal["deal"] else best
    return best


def main(folder, rulings, payee, month):
    folder = Path(folder)
    lines = [json.loads(line) for line in Path(rulings).read_text(encoding="utf-8").splitlines()]
    deals, cancelled, ruled = sheet(folder, "deals"), {}, {}
    for row in sheet(folder, "cancellations"):
        if row["kind"] != "intent":
            cancelled[row["deal"]] = min(cancelled.get(row["deal"], date.max), day(row["at"]))
    for r in lines:
        parts = r["outcome"].get("parts") or [{"to": r["outcome"], "share_ppm": 1_000_000}]
        final = (
            None if r.get("needs") else civil(r["decision"]["at"] if r["status"] == "decided" else r["closes_at"] + 1)
        )
        ruled[r["deal"]] = ([(p["to"], p["share_ppm"]) for p in parts], final)
    for d in deals:
        d["_day"] = day(d["subscribed_at"])
    terms, agreements = sheet(folder, "terms"), {a["agency"]: a for a in sheet(folder, "agreements")}
    payments, invoices, words = sheet(folder, "payments"), sheet(folder, "invoices"), sheet(folder, "statements")
    said = {w["phone"]: day(w["at"]) for w in reversed(words)}

    def due(on):
        owed = defaultdict(int)
        for d in deals:
            parts, final = ruled[d["deal"]]
            if final is None or final > on or cancelled.get(d["deal"], date.max) <= on or d["_day"] > on:
                continue
            got = [
                (fen(p["amount_yuan"]), p["kind"]) for p in payments if p["deal"] == d["deal"] and day(p["at"]) <= on
            ]
            received = sum(amount for amount, _ in got)
            if words and not any(said.get(b, date.max) <= on for b in d["buyers"].split(";")):
                continue
            if payments and not any(amount > 0 and kind != "intent" for amount, kind in got):
                continue
            loan = d.get("loan_approved_at") and day(d["loan_approved_at"]) <= on
            enough = loan or received >= part(fen(d["price_yuan"]), POLICY["stage2_received_percent"] * 10_000)
            second = bool(d["contracted_at"] and day(d["contracted_at"]) <= on and enough)
            for index, (outcome, share) in enumerate(parts):
                agency = outcome.get("agency")
                if outcome["kind"] != "CHANNEL":
                    continue
                live = [t for t in terms if t["agency"] == agency and day(t["since"]) <= d["_day"]]
                live = [t for t in live if not t["until"] or d["_day"] <= day(t["until"])]
                whole, bonus = 0, 0
                for t in live:
                    at = place(d, agency, deals, ruled, cancelled, on, t.get("scope") == "retroactive")
                    fits = int(t["from_unit"] or 1) <= at <= int(t["to_unit"] or 10**9)
                    rate = t.get("rate_percent")
                    worth = part(min(received, fen(d["price_yuan"])), ppm(rate)) if rate else fen(t["amount_yuan"])
                    whole += worth if t["kind"] in ("fixed", "percent") and fits else 0
                    bonus += worth if t["kind"] == "bonus" else 0
                largest = max(range(len(parts)), key=lambda i: parts[i][1])

                def mine(amount, index=index, parts=parts, share=share, largest=largest):
                    rest = sum(part(amount, s) for i, (_, s) in enumerate(parts) if i != largest)
                    return amount - rest if index == largest else part(amount, share)

                first = part(mine(whole), POLICY["stage1_percent"] * 10_000)
                stages = [(first, True), (mine(whole) - first, second), (mine(bonus), second)]
                chain = agreements.get(agency, {})
                top = chain.get("platform") or agency
                covered = sum(
                    fen(i["amount_yuan"])
                    for i in invoices
                    if i["agency"] == top
                    and i["deal"] == d["deal"]
                    and day(i["at"]) <= on
                    and i.get("matched", "yes") != "no"
                )
                for amount, open_ in stages:
                    pay = min(amount, covered) if invoices else amount
                    covered = max(covered - amount, 0)
                    if open_ and pay:
                        owed[top] += pay
                        if top != agency:
                            owed[agency] += pay - part(pay, ppm(chain.get("platform_fee_percent") or "0"))
        return owed[payee]

    start = date.fromisoformat(f"{month}-01")
    end = (start + timedelta(31)).replace(day=1) - timedelta(1)
    paid = [(day(p["at"]), fen(p["amount_yuan"])) for p in sheet(folder, "commissions_paid") if p["agency"] == payee]
    before, now = due(start - timedelta(1)), due(end)
    paid_before = sum(amount for when, amount in paid if when < start)
    paid_now = sum(amount for when, amount in paid if start <= when <= end)
    print(before - paid_before, now - before, paid_now, now - paid_before - paid_now)


if __name__ == "__main__":
    main(*sys.argv[1:])
