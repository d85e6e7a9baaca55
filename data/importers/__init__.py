"""From a file to the store: one reader a file form, all yielding the rows of rows.py; one writer stores them."""
