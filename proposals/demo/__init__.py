"""Proposals of the demo world 演示提案. For development only."""
