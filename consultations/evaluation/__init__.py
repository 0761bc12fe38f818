"""Quality evaluation 协商议政质量评价: everything of it but models, services and views."""
