"""Online deliberation 网络议政: everything of it but models, services and views."""
