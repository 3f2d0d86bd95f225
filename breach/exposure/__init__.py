"""Exposure: who is in the roster, what they wrote, and which kinds of personal data the leak reached.

Map, then merge: each export is scanned alone (scan.py) into a table of findings; tables are merged by member with
an aggregate that does not care about order or partition (merge.py).
"""
