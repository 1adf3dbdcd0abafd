"""`perf-pay`: the whole month from the terminal."""

import sys


def main() -> None:
    """Entry point: refusals become issues and exit codes; our own faults say so and exit 70."""
    from perf.cli.app import run  # the command line is assembled only when it is used

    sys.exit(run(sys.argv[1:]))
