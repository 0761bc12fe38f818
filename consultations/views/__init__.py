"""Pages of consultations: find the record, call the service, say what happened."""
