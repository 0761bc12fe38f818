"""Activities 履职活动 and research topics: everything of them but models, services and views."""
