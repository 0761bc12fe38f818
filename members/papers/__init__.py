"""Read the committee's rolls and registers: members, units, studios, visits, activities."""
