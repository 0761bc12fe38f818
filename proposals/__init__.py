"""Proposals (提案) from draft to closure."""
