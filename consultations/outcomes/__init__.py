"""Outcomes 协商成果 and their uptake: everything of them but models, services and views."""
