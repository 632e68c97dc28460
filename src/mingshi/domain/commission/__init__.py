"""What a ruling is worth to whom, in integer 分 (rules D6 to D11).

One idea carries all of it: what is due for a deal on a day is a pure function of the facts up to the end of that
day. The journal holds only the differences from day to day. So refunds, swaps, reversals and clawbacks need no
code of their own and cannot be forgotten: when the facts are undone, what was due is undone, entry for entry,
against the same payee.
"""
