"""What a ruling is worth to whom, in integer 分 (rules D6 to D11)."""
