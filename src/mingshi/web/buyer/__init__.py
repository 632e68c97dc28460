"""购房人: everything held on them, and what they may do with it."""
