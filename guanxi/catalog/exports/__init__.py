"""The whole catalogue of a company as a workbook the importer reads again, and as JSON."""
