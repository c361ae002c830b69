"""Verification: engagements of outsiders, their samples, findings and opinions."""
