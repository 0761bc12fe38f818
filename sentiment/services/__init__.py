"""Every write to opinion reports: writing, editing, issues, what follows."""
