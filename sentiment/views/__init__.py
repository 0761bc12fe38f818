"""Pages of opinion reports: find the record, call the service, say what happened."""
