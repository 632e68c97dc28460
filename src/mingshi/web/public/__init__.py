"""The front page, signing in, the notice, checking a receipt."""
