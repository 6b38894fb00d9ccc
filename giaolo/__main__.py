"""`python -m giaolo` is the command `giaolo`."""

from giaolo.cli import main

main()
