"""/api/v1: what an agency's own system asks: register, how it stands, rulings, statement (docs/integrate.md)."""
