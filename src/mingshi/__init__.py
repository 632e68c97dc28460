"""mingshi 明示: who brought this buyer, answered from open evidence."""
