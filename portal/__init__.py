"""What anyone may read (门户)."""
