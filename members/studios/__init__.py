"""Studios 委员工作室 and reception days."""
