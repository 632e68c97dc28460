"""The trade's values and decisions: who brought a buyer, and what is owed for it.

May touch: nothing but the kernel. Every function here is pure: the time, the policy and the evidence are
arguments, so that the same facts always give the same ruling (INV-06).
"""
