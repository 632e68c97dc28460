"""The closed set of messages between sites, witnesses and headquarters (INV-12)."""
