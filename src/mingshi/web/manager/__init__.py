"""案场经理、风控: rulings, what waits for a person, decisions."""
