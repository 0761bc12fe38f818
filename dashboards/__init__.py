"""To-do home and leadership figures (待办与统计); owns no domain data."""
