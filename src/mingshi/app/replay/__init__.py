"""Deals that are alike take the same way through the rules: what one was asked is asked of the next, and no more."""
