"""What an agency gets back: receipt, report page, machine report, bad rows to correct."""

from ingestion.reports.model import Receipt, Report
from ingestion.reports.writing import outbox_folder, write_receipt, write_report

__all__ = ["Receipt", "Report", "outbox_folder", "write_receipt", "write_report"]
