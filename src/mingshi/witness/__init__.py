"""An outside party's witness: remembers what a log showed, cosigns only what extends it, tells of gaps.

May touch: one fsynced file, and the socket it listens on. Knows bytes, never business; reaches no face and no
pass. `keeper.py` decides, `server.py` listens, `setup.py` is the folder it lives in, `client.py` the site's
way to it.
"""
