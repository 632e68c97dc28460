"""One bearer receipt goes from hand to hand: three buyers show it, each as their own first visit."""

from stage import Stopped, in_hall, show

from mingshi.credentials.proofs import Presented
from mingshi.domain.evidence import Binding

DEFENCE = ("mingshi.passes.receipt_code.digest_of", lambda _: "anybody")


def attack() -> Stopped | None:
    def tried(hall):
        code = hall.receipts.issue("V-BEARER", hall.now, Binding.BEARER, "", hall.now)
        told = [hall.receipts.present(code, {}, f"1600000000{n}", hall.now) for n in range(3)]
        good = sum(isinstance(one, Presented) for one in told)
        return None if good > 1 else Stopped("refused", "rule 3", "a bearer's code belongs to who shows it first")

    return in_hall(tried)


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
