"""What an agency gets back: receipt, report page, machine report, bad rows to correct, their workbook marked."""
