"""The evidence log: bytes, not business.

May touch: the standard library and `cryptography`; not the trade, not a database.
"""
