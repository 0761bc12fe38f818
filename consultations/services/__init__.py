"""Every write to consultations: plans, sessions, outcomes, uptake, conversions."""
