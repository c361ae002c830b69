"""The topics of a report: each builds its tables from the model."""
