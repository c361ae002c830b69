"""What the reporter decided, shown and changed: the rules of `linyin.toml` in a workspace."""
