"""Template tags of the proposal pages."""
