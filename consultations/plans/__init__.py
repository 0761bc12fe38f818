"""The yearly plan 年度协商计划 and its topics: everything of it but models, services and views."""
