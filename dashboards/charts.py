"""Chart data 图: plain lists for ECharts, built from the same rows as the table beside it."""


def stacked_bars(lines: list[dict], labels: dict[str, str]) -> dict:
    """One horizontal stack per line: names, and one series per group in ``labels``."""
    return {
        "names": [line["name"] for line in lines],
        "series": [
            {"name": label, "data": [line["groups"][code].value for line in lines]} for code, label in labels.items()
        ],
    }
