"""Set-up and start of the whole system on one machine, with Python's standard library alone."""
