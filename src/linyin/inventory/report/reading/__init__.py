"""What a report reads from a bundle, one file a subject."""
