"""Read the register of proposals 提案登记 and store what it proves."""
