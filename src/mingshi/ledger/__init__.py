"""The evidence log: bytes, not business.

May touch: the standard library, `cryptography`, `mingshi.kernel`, and the one file a log is kept in.
`verify.py` stands alone and is copied out to whoever wants to check; everything here is built from it, so
that what is written and what is verified are one definition. Read it first, then:

    entry.py    facts → entries and openings        tree.py     the Merkle tree and its proofs
    journal.py  one durable file                    store.py    where entries, promises, checkpoints are kept
    log.py      number, seal, promise               signer.py   read back, sign, have witnesses cosign
    keys.py     signing                             receipt.py  what the parties take home
    reference.py  the texts of QR codes             verify.js   the same verifier for browsers
"""
