"""QR codes 二维码 as pictures inside a page: no other host, no style of their own."""

import io

import segno
from django.utils.safestring import SafeString, mark_safe


def svg(address: str, *, title: str, scale: int = 5) -> SafeString:
    """``address`` as an SVG element; ``title`` is what it says to those who do not see it."""
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", xmldecl=False, svgns=True, svgclass=None, lineclass=None, scale=scale, title=title,
        light="#fff", dark="#000",
    )  # fmt: skip
    return mark_safe(out.getvalue().decode())  # noqa: S308 - made of an address by the library, which escapes the title
