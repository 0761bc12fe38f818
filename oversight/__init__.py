"""Democratic oversight 民主监督: window units and the members dispatched there as supervisors."""
