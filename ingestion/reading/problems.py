"""The one exception of this package: a file (or sheet) that can't be read, as a code of the issue catalogue."""


class ReadProblem(Exception):
    """Raised with the issue code and its placeholders; the check turns it into an issue about the file."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
