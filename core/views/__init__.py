"""Pages of the common floor that staff use."""
