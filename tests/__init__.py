"""Tests of the project; they mirror the code name for name, and journeys tell stories."""
