"""Who comes: the notice, ways to check in, the client's confirmation of a registration."""
