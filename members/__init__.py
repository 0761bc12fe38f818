"""People and the bodies they belong to (委员与组织)."""
