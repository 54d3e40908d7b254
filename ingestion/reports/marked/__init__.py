"""The sender's workbook back, with every cell that has a problem coloured and explained."""

from ingestion.reports.marked.writing import write_marked

__all__ = ["write_marked"]
