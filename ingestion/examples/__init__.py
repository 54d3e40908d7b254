"""Examples of everything that can be wrong with a file, made by checking tiny files: the page docs/issues.md."""
