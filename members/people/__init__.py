"""The roll of members 委员名录, terms and party building."""
