"""Points 履职积分: the rules, what follows from them, how results are shown."""
