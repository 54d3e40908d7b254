"""What can go wrong in this package: a file that can't be read, and a reader that somebody ended."""

import errno

# Codes that say a file can't be opened at all, so that nobody need try again.
UNREADABLE = frozenset({
    "damaged_file", "empty_file", "encoding_unclear", "encrypted_workbook", "json_not_lines", "line_too_long",
    "not_a_table", "nul_bytes", "reader_timeout", "too_many_columns", "too_many_sheets", "web_page_as_workbook",
    "workbook_too_large",
})  # fmt: skip


class ReadProblem(Exception):
    """Raised with the issue code and its placeholders; the check turns it into an issue about the file."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class ReaderGone(ChildProcessError):
    """The child that reads a workbook ended through no fault of the file: killed from outside, or unable to start.

    Whoever is at it tries again later; nothing is said against the file.
    """

    def __init__(self, exit_code: int, path: str) -> None:
        super().__init__(errno.ECHILD, f"the process reading a file ended with {exit_code}", path)
