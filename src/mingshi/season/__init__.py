"""Sales seasons with known truth.

The generator, its actors, and an oracle that shares no code with the judge it checks.
"""
