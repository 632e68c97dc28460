"""`python -m mingshi`."""

from mingshi.cli import main

main()
