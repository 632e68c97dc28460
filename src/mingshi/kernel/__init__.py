"""Canonical JSON, money in 分, time intervals and three-valued answers.

May touch: nothing. Standard library only, no input or output, no clock, no dice.
"""
