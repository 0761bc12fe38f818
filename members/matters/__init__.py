"""Matters 民情事项 that visitors raise: everything of them but models, services and views."""
