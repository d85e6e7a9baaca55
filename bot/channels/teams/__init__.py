"""Teams: questions come in as activities, answers go out as text with an Adaptive Card."""
