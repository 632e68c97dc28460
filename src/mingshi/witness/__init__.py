"""An outside party's durable keeper of checkpoints."""
