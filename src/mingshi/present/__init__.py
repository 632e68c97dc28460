"""Rulings, refusals and reports in words and pictures, in Chinese and English."""
