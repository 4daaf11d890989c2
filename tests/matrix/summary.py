"""How many combinations of the matrix a run has tried, summed over all workers and printed at its end."""

COMBINATIONS = "matrix combinations"


def pytest_terminal_summary(terminalreporter):
    reports = [one for found in terminalreporter.stats.values() for one in found if getattr(one, "when", "") == "call"]
    total = sum(number for one in reports for name, number in one.user_properties if name == COMBINATIONS)
    if total:
        terminalreporter.write_line(f"{COMBINATIONS}: {total}")
