"""告知: what people are told before anything of theirs is taken (PIPL 14, 17, 30; FRM 5; NDR 21; LAW §6.2).

A notice has two layers: the sign at the door, and what is read before each act. It is text, a version and a digest;
a consent names the digest, so that a changed word is a new notice and asks anew (L-09).
"""
