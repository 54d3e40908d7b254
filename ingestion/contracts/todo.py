"""What a draft leaves for a person to decide: the mark, and the lines that still bear it."""

import re

from ingestion.contracts.problems import Problems

TODO = "TODO"
_LEFT = re.compile(rf"\b{TODO}\b:?\s*(.*)")


def todo_problems(text: str, problems: Problems) -> None:
    """Note every line that is still open, with what it asks."""
    for number, line in enumerate(text.splitlines(), start=1):
        if found := _LEFT.search(line):
            problems.add(
                f"line {number}", f"still to be decided: {found[1] or line.strip()} (decide, then remove {TODO})"
            )
