"""个人权利: what a person may ask of whoever holds data on them, by when, and what a refusal must say (PIPL 44-50)."""
