"""Sessions 协商活动: everything of them but models, services and views."""
