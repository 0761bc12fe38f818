"""An empty roll of members 委员名册 to be filled in and imported: the headings and one row as an example."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from core import spreadsheets
from members.papers.rolls import MEMBER_COLUMNS

EXAMPLE = {
    "code": "HB-0001", "name": "（举例）张三", "sex": "男", "ethnicity": "汉族", "born": "1980-05", "political_status": "民盟盟员",
    "sector": "教育", "post": "汉滨区某中学 校长", "committee": "教科卫体委员会", "studio": "", "is_standing": "否",
    "phone": "13800000000", "term": "十六届", "note": "重复（举例，导入时不会读这一行）",
}  # fmt: skip


@require_safe
def template(request: HttpRequest) -> FileResponse:
    """The spreadsheet; the example is marked so that an import leaves it out."""
    if not request.user.has_perm("members.import_rolls"):
        raise PermissionDenied
    columns = [
        (column.labels[0], max(12, 2 * len(column.labels[0])), lambda row, key=column.key: row.get(key, ""))
        for column in MEMBER_COLUMNS
    ]
    file, _ = spreadsheets.write("委员名册", columns, [EXAMPLE])
    return FileResponse(
        file, as_attachment=True, filename="委员名册（样表）.xlsx", content_type=spreadsheets.CONTENT_TYPE
    )
