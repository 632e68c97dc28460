"""同意: what a person agreed to, and whether it still holds (PIPL 13-16, 29; LAW §6.3, §6.9)."""
