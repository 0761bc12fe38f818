"""Template tags of opinion reports."""
