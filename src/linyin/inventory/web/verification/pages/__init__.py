"""The pages of a verification."""
