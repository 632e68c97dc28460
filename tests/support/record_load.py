"""What a busy site does, request by request, so that it may be killed, failed, and asked again.

    python record_load.py FOLDER FIRST     acknowledges each request on stdout, until it is killed

Requests are numbered; the number is the request's key, its time and its contents. The folder's `ring` holds the keys.
"""

import json
import random
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from office import START, Office, phone

from mingshi.app.check_in import CheckIn, check_in
from mingshi.app.confirm_escort import ConfirmEscort, confirm_escort
from mingshi.app.record_deal import RecordDeal, record_deal
from mingshi.app.record_payment import RecordPayment, record_payment
from mingshi.app.register_client import RegisterClient, register_client
from mingshi.app.rule_deal import RuleDeal, rule_deal
from mingshi.app.settle import Settle, settle
from mingshi.app.state_origin import StateOrigin, state_origin
from mingshi.domain.evidence import DoorCode, Means, Origin, PaymentKind, Stage
from mingshi.kernel.timeline import HOUR, MINUTE
from mingshi.ledger.signer import Signer
from mingshi.ledger.verify import Note, Promise, b64
from mingshi.ledger.verify import Policy as TrustPolicy
from mingshi.store.database import DATABASE
from mingshi.store.keyring import KEY_NAMES, Keyring
from mingshi.store.site_store import SiteStore

BEGIN = START + HOUR
STEP = 5 * HOUR
"""Between two requests."""


def make(folder: Path, seed=1) -> None:
    """A staffed office; its keys beside it."""
    office = Office(folder, seed=seed)
    save_ring(folder, office.ring)
    office.close()


def save_ring(folder, ring):
    (folder / "ring").write_text(json.dumps({name: getattr(ring, name).hex() for name in KEY_NAMES}))


def open_store(folder: Path, random_bytes) -> SiteStore:
    keys = json.loads((folder / "ring").read_text())
    return SiteStore(
        folder / DATABASE, Keyring(**{name: bytes.fromhex(key) for name, key in keys.items()}), random_bytes
    )


def request(number: int):
    """Use case and command: eight to a client, from registration to ruling; a settlement now and then."""
    client, step = divmod(number, 8)
    one, deal, now = phone(client), f"D-{client:06d}", BEGIN + number * STEP
    if step == 7 and client % 4 == 3:
        return settle, Settle("s1")
    return (
        (register_client, RegisterClient("a1" if client % 2 else "b1", one, "王测试", "海棠湾")),
        (check_in, CheckIn(phone(900_000 + client), Means.OTP, DoorCode.VALID)),
        (check_in, CheckIn(one, Means.OTP, DoorCode.VALID)),
        (confirm_escort, ConfirmEscort("a1" if client % 2 else "b1", one, buyer_named=True)),
        (state_origin, StateOrigin(one, Stage.CHECK_IN, Origin.AGENT, "a1" if client % 2 else "b1", before_staff=True)),
        (record_deal, RecordDeal((one,), now - MINUTE, id=deal, price_fen=100_000_000)),
        (record_payment, RecordPayment(deal, 5_000_000, PaymentKind.EARNEST, now - MINUTE)),
        (rule_deal, RuleDeal(deal)),
    )[step]


def ask(store: SiteStore, number: int, now=None):
    """Send a request, for the first time or again."""
    use_case, command = request(number)
    at = BEGIN + number * STEP if now is None else now
    return store.run(use_case, command, now=max(at, store.last_sealed_at), key=f"request {number}")


def leaves(reply):
    """What the promises of a reply promise."""
    return {at: b64(Promise.parse(Note.parse(text).text).leaf) for at, text in reply.promises.items()}


def main(folder: Path, first: int) -> None:
    """Until it is killed: requests on one thread, the signer and the housekeeper on another."""
    store = open_store(folder, random.SystemRandom().randbytes)
    signer = Signer([store.key], TrustPolicy.parse(f"log {store.key.verifier}\nquorum none\n"), store.log_store)

    def keep_house():
        now = 1
        while True:
            signer.sign(now)
            store.housekeep(now=store.last_sealed_at, deleting=False)
            now += 1

    threading.Thread(target=keep_house, daemon=True).start()
    print("open", flush=True)
    number = first
    while True:
        reply = ask(store, number)
        print("ack", number, json.dumps(leaves(reply)), flush=True)
        number += 1


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
