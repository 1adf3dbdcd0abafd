"""The revision of the tables that this program works with."""

HEAD = "0007"
