"""Cells made values: careful functions for one cell (the rule) and predicates over columns (the speed).

A column is judged by one vectorised predicate; only cells it cannot vouch for go through the careful function as Python
strings, and a property test holds both to the same answer.
"""
