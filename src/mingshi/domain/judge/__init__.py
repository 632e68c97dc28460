"""The 判客 engine: from one deal's evidence to a ruling with its whole trace (RULES.md as code)."""
