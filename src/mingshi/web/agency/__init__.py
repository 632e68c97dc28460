"""渠道公司: its rulings, the decisions that its reviewer signs."""
