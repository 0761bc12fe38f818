"""Pages of accounts, the members' directory, studios and units."""
