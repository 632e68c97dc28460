"""甩单: a consultant photographs an early visitor's receipt code and lets a friendly buyer show it as their own."""

from stage import OTHER_PHONE, PHONE, Stopped, in_hall, show

from mingshi.credentials.proofs import Presented
from mingshi.domain.evidence import Binding

DEFENCE = ("mingshi.passes.receipt_code.ReceiptCodes._token", lambda *_: bytes(16))


def attack() -> Stopped | None:
    def tried(hall):
        code = hall.receipts.issue("V-EARLY", hall.now, Binding.PHONE, PHONE, hall.now)
        hall.later(86_400)
        told = hall.receipts.present(code, {Binding.PHONE: OTHER_PHONE}, OTHER_PHONE, hall.now)
        bare = hall.receipts.present(code, {}, OTHER_PHONE, hall.now)
        if isinstance(told, Presented) or bare.counts_as is not None:
            return None
        return Stopped(
            "refused", "amendment 4", "it is bound to another phone; without that phone it counts as nothing"
        )

    return in_hall(tried)


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
