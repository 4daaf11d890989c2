"""Two people at once: threads with a connection each, started together."""

import threading

from django.db import connection


def race(*calls):
    """Run the calls at the same moment; returns what each gave or raised, in order."""
    barrier = threading.Barrier(len(calls))
    results = [None] * len(calls)

    def run(position, call):
        barrier.wait()
        try:
            results[position] = call()
        except Exception as error:  # noqa: BLE001 - the outcome is what the test looks at
            results[position] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results
