"""The report of an inventory: PDF, XLSX and JSON, in Chinese and English."""
