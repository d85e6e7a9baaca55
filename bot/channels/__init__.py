"""Where questions come from and answers go: one module or package a channel, each round the one door."""
