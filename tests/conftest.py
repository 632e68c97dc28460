"""Settings of every test."""

import os

from hypothesis import settings

# A machine with other work to do is no reason for a test to fail: how long an example took is a benchmark's question.
# Where CI is set, Hypothesis loads its own profile: the same examples every time, and no deadline either.
if not os.environ.get("CI"):
    settings.register_profile("patient", deadline=None)
    settings.load_profile("patient")
