"""The store: plans, indicators and their figures, and how they get in and out."""
