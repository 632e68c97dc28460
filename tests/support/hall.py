"""A sales hall for passes: the real modules over the real file, a clock to set, and phones made of software.

The software phones do what a visitor's phone does, and whatever an attacker would like one to do.
"""

import hashlib
import json
import tempfile
from itertools import count
from pathlib import Path

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mingshi.kernel.timeline import MINUTE, SECOND
from mingshi.ledger.verify import b64
from mingshi.passes import device_key
from mingshi.passes.challenges import Challenges, from_url64, url64
from mingshi.passes.device_key import DeviceKeys
from mingshi.passes.door_code import DoorCodes
from mingshi.passes.otp import Otp
from mingshi.passes.passkey import Passkeys
from mingshi.passes.receipt_code import ReceiptCodes
from mingshi.passes.secrets import Secrets
from mingshi.store.keeping import KeptInFile

ORIGIN = "https://haitang.example"
RP_ID = "haitang.example"
START = 1_790_000_000 * SECOND // MINUTE * MINUTE
MEMORY = Path("/dev/shm")
PHONE, OTHER_PHONE = "16000000001", "16000000002"


class Pager:
    """Takes messages and remembers them: what a phone would have got."""

    def __init__(self):
        self.staff_readable, self.up, self.waiting, self.sent = False, True, [], []

    def ready(self, _now):
        return self.up

    def take(self, phone, text, wanted):
        self.waiting.append((phone, text, wanted))

    @property
    def messages(self):
        """Carried when they are looked at."""
        while self.waiting:
            phone, text, wanted = self.waiting.pop(0)
            if wanted():
                self.sent.append((phone, text))
        return self.sent


class Hall:
    """Everything of one site. `now`: set it."""

    def __init__(self, folder, *, origin=ORIGIN, rp_id=RP_ID, skew_s=0, seed="hall", **otp):
        self.now, self.origin = START, origin
        self._drawn, self._seed = count(), seed
        self.keeping = KeptInFile(Path(folder) / f"{seed}.db", self.random(32))
        secrets = Secrets.of(hashlib.sha512(seed.encode()).digest(), origin)
        self.challenges = Challenges(self.keeping, self.random)
        self.device_keys = DeviceKeys(self.keeping, self.challenges, origin)
        self.passkeys = Passkeys(
            self.keeping, self.challenges, origin=origin, rp_id=rp_id, rp_name="海棠湾", random_bytes=self.random
        )
        self.door = DoorCodes(self.keeping, secrets.door, skew_s)
        self.receipts = ReceiptCodes(self.keeping, secrets, origin)
        self.pager, self.known = Pager(), set()
        self.otp = Otp(
            self.keeping,
            self.pager,
            key=secrets.otp,
            random_bytes=self.random,
            text=lambda code, purpose: f"【海棠湾】{code}（{purpose}）",
            known=lambda phone: phone in self.known,
            **otp,
        )

    def random(self, size):
        """Not random at all: the same in every run."""
        return hashlib.shake_128(f"{self._seed}/{next(self._drawn)}".encode()).digest(size)

    def later(self, seconds):
        self.now += seconds * SECOND

    def close(self):
        self.keeping.close()


def in_hall(act, **settings):
    """Run something in a hall of its own, in memory where there is such a folder: many examples wait for no disk."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        hall = Hall(folder, **settings)
        try:
            return act(hall)
        finally:
            hall.close()


class Browser:
    """A device key made of software: as device-key.js, but anything may be put in the place of anything."""

    def __init__(self, curve=ec.SECP256R1):
        self.key = ec.generate_private_key(curve())

    @property
    def spki(self):
        return b64(self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))

    def answer(self, options, *, site=ORIGIN, says=None, pass_id=None, **changed):
        signed = {"door": options["door"], "challenge": options["challenge"], "action": options["action"]} | changed
        r, s = decode_dss_signature(self.key.sign(device_key.statement(site, **signed), ec.ECDSA(hashes.SHA256())))
        size = (self.key.curve.key_size + 7) // 8
        sent = {
            "challenge": options["challenge"],
            "site": says or site,
            "signature": b64(r.to_bytes(size) + s.to_bytes(size)),
        }
        return json.dumps(sent | ({"key": self.spki} if pass_id is None else {"pass_id": pass_id}))

    def enrolled(self, hall, browser="browser"):
        return hall.device_keys.enrol(browser, self.answer(hall.device_keys.enrol_options(browser, hall.now)), hall.now)


class Phone:
    """An authenticator made of software."""

    UP, UV, AT = 0x01, 0x04, 0x40

    def __init__(self, credential_id=b"a credential of nobody", counter=None):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id, self.counter = credential_id, counter

    def _data(self, rp_id, flags):
        if self.counter is not None:
            self.counter += 1
        counted = (self.counter or 0).to_bytes(4)
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + counted

    def _client(self, kind, options, origin, extra):
        said = {"type": kind, "challenge": options["options"]["challenge"], "origin": origin, "crossOrigin": False}
        return json.dumps(said | extra).encode()

    def _sent(self, options, response):
        coded = {name: url64(value) for name, value in response.items()}
        id_ = url64(self.id)
        credential = {"id": id_, "rawId": id_, "type": "public-key", "response": coded}
        return json.dumps({"challenge": options["challenge"], "credential": credential})

    def make(self, options, *, origin=ORIGIN, rp_id=RP_ID, flags=0x45, fmt="none", statement=None, **extra):
        numbers = self.key.public_key().public_numbers()
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)})
        data = self._data(rp_id, flags) + bytes(16) + len(self.id).to_bytes(2) + self.id + cose
        attestation = cbor2.dumps({"fmt": fmt, "attStmt": statement or {}, "authData": data})
        client = self._client("webauthn.create", options, origin, extra)
        return self._sent(options, {"clientDataJSON": client, "attestationObject": attestation})

    def show(self, options, *, origin=ORIGIN, rp_id=RP_ID, flags=0x05, key=None, **extra):
        data = self._data(rp_id, flags)
        client = self._client("webauthn.get", options, origin, extra)
        signature = (key or self.key).sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._sent(options, {"clientDataJSON": client, "authenticatorData": data, "signature": signature})

    def enrolled(self, hall, browser="browser"):
        return hall.passkeys.enrol(browser, self.make(hall.passkeys.enrol_options(browser, hall.now)), hall.now)


__all__ = ["ORIGIN", "OTHER_PHONE", "PHONE", "RP_ID", "START", "Browser", "Hall", "Phone", "from_url64", "in_hall"]
