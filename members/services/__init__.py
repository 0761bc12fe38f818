"""Every write to accounts: opening, activation, passwords, roles, second factor."""
