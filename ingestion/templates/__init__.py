"""The workbook an agency fills in, made from the contract that its file will be checked against."""

from ingestion.templates.writing import write_template

__all__ = ["write_template"]
