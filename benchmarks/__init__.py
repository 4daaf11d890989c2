"""How fast the system is, as ratios against a floor measured in the same run on the same data."""
