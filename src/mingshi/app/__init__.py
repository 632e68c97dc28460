"""Use cases, one file each: one transaction, one `now`.

May touch: the domain, and the outside only through `ports`.
"""
