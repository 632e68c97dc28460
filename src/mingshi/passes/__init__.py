"""Proofs a visitor holds: codes, receipts, device keys, passkeys."""
