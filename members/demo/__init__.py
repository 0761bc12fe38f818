"""The people and their work in the demo world 演示环境. For development only."""
