"""Understanding questions: text in, a Query out. No store, no clock."""
