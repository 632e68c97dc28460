"""Hypothesis strategies for the ledger's values."""

from hypothesis import strategies as st

from mingshi.ledger import verify as v
from mingshi.ledger.deposit import Deposit
from mingshi.ledger.deposit import Request as DepositRequest
from mingshi.ledger.keys import SigningKey
from mingshi.ledger.reference import Reference
from mingshi.witness.keeper import Request

hashes = st.binary(min_size=32, max_size=32)
sizes = st.integers(0, v.SAFE_INTEGER)
seconds = st.integers(0, 2**40)
plain = st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp"))
names = st.text(plain, min_size=1, max_size=20).filter(v.key_name_ok)
seeds = st.binary(min_size=32, max_size=32)
log_keys = st.builds(SigningKey, names, st.just(v.ED25519), seeds)
witness_keys = st.builds(SigningKey, names, st.just(v.COSIGNATURE), seeds)
publics = hashes.filter(lambda key: not v.weak(key))
vkeys = st.builds(v.VerifierKey, names, st.sampled_from([v.ED25519, v.COSIGNATURE]), publics)
lines = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)
signatures = st.builds(v.Signature, names, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=80))
notes = st.builds(
    v.Note,
    st.lists(st.one_of(lines, st.just("")), min_size=1, max_size=5).map(
        lambda rows: "".join(f"{row}\n" for row in rows)
    ),
    st.lists(signatures, min_size=1, max_size=5).map(tuple),
)
checkpoints = st.builds(v.Checkpoint, lines, sizes, hashes, st.lists(lines, max_size=2).map(tuple))
proofs = st.builds(v.Proof, st.binary(max_size=60), sizes, st.lists(hashes, max_size=10).map(tuple), notes.map(str))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-v.SAFE_INTEGER, v.SAFE_INTEGER) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(codec="ascii"), max_size=5), inner, max_size=3)
    ),
    max_leaves=12,
)
parts = st.dictionaries(st.text(st.characters(codec="ascii"), max_size=5), json_values, max_size=4)
openings = st.builds(v.Opening, st.integers(0, 63), hashes, parts)


@st.composite
def entries(draw):
    kind = draw(st.sampled_from(sorted(v.PARTS)))
    count = len(v.PARTS[kind]) + (draw(st.integers(0, 4)) if v.PARTS[kind][0] == "deal" else 0)
    cms = draw(st.lists(hashes, min_size=count, max_size=count, unique=True))
    return v.Entry(draw(lines), draw(sizes), kind, tuple(cms))


promises = st.builds(
    v.Promise,
    lines,
    sizes,
    hashes,
    seconds,
    seconds,
    st.none() | st.builds(v.VerifierKey, names, st.just(4), publics),
)
deposit_requests = st.builds(DepositRequest, lines, hashes, seconds)
deposits = st.builds(Deposit, deposit_requests, seconds, seconds)
requests = st.builds(Request, sizes, st.lists(hashes, max_size=63).map(tuple), notes.map(str))
references = st.builds(Reference, st.binary(min_size=16, max_size=16), hashes, sizes, sizes)


@st.composite
def policies(draw):
    """Any policy of up to two logs, five witnesses, groups over them in any nesting."""
    word = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=8).filter(
        lambda w: w != "none"
    )
    keys = draw(st.lists(publics, min_size=7, max_size=7, unique=True))
    named = draw(st.lists(word, min_size=9, max_size=9, unique=True))
    url = st.sampled_from(["", "https://w.example/x"])
    logs = tuple(v.VerifierKey(draw(names), v.ED25519, public) for public in keys[: draw(st.integers(0, 2))])
    count = draw(st.integers(1, 5))
    witnesses = tuple(
        v.Witness(named[at], v.VerifierKey(draw(names), v.COSIGNATURE, keys[2 + at]), draw(url)) for at in range(count)
    )
    free = [witness.name for witness in witnesses]
    groups = {}
    for name in named[5 : 5 + draw(st.integers(0, 3))]:
        if not free:
            break
        members = draw(st.lists(st.sampled_from(free), min_size=1, max_size=len(free), unique=True))
        groups[name] = (draw(st.integers(1, len(members))), tuple(members))
        free = [each for each in free if each not in members] + [name]
    quorum = draw(st.sampled_from([*groups, *(witness.name for witness in witnesses), "none"]))
    urls = {str(key): "https://log.example/" for key in logs if draw(st.booleans())}
    return v.Policy(logs=logs, witnesses=witnesses, groups=groups, quorum=quorum, urls=urls)
