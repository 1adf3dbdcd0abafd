"""What the tests of the month from the terminal share."""

SPECS = ("--specs", "rules")


JUNE = "G1:2025-06#1"


def put(terminal, name, content):
    (terminal.folder / name).write_bytes(content)
    return name
