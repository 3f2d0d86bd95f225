"""The changes of the ledger's tables, one file each, the same for SQLite and PostgreSQL.

A new one is written by hand: the next number, the one before as `down_revision`, REVISION in tables.py raised. A test
compares what all of them make of an empty database with the tables in tables.py, on both databases. They are forward
only: the way back is the copy that was kept before.
"""
