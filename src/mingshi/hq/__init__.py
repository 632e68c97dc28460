"""Headquarters: rulings, amounts and counts; never a person."""
