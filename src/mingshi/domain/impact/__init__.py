"""影响评估: the site's own account of what it does to people's data and why it may (PIPL 55, 56; FRM 9; O25)."""
