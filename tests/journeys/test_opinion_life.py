"""The story of an opinion report 社情民意: from a member's phone to an issue, a leader's note and a unit's answer.

And the letter of a resident, answered by its receipt code.
"""

import re

import pytest

from members.demo.people import UNIT
from members.models import HandlingUnit
from sentiment.models import Bulletin, OpinionReport
from tests.journeys.people import Desk, People

TITLE = "兴安西路路灯早关晚开"
ANSWER = "已改用光控开关，早晚各延长30分钟。"


def do(desk: Desk, label: str, *, tick: str = "", **values: str) -> None:
    """Open the small page of an act from the report's page, fill it in, do it."""
    desk.press(label)
    desk.fill(**values)
    if tick:
        desk.page.locator(f"main [name={tick}]").check()
    button = desk.page.locator("main form button.btn-primary, main form [data-confirm]").first
    if button.get_attribute("data-confirm"):
        desk.confirm(button)
    else:
        desk.press(button)


@pytest.mark.parametrize("size", ["desktop", "phone"], indirect=True)
def test_report_is_written_issued_noted_answered_and_told(people: People, town):
    member = people["member"]
    member.go("/sentiment/")
    member.press("写社情民意")
    member.fill(title=TITLE, situation="早晨六点前关灯，学生上学摸黑。", suggestions="按日出日落时间调整。")
    member.page.locator("main select[name=category]").select_option(label="城建管理")
    member.page.locator("[data-saved]", has_text="已保存").wait_for()
    assert OpinionReport.objects.get().status == "draft"
    member.confirm("报送")
    member.sees("已报送，来稿编号", "待收稿")
    report = OpinionReport.objects.get()

    editor = people["editor"]
    editor.todo(TITLE, "收稿")
    do(editor, "收稿编辑")
    editor.press("编辑文稿")
    editor.fill(analysis="照明控制采用固定时间，没有随季节调整。")
    editor.press("存好，送核稿")
    editor.press(editor.page.locator("main form button.btn-primary"))
    editor.sees("待核稿")
    checker = people["checker"]
    checker.todo(TITLE, "核稿")
    do(checker, "核稿通过")
    signer = people["signer"]
    signer.todo(TITLE, "签发")
    do(signer, "签发")
    signer.sees("已签发")

    editor.todo(TITLE, "编入刊期")
    do(editor, "编入刊期")
    editor.confirm("刊发这一期")
    editor.sees("已刊发：", "第1期（总第1期）", TITLE)
    with editor.page.expect_download() as word:
        editor.page.get_by_role("link", name="下载 Word").click()
    assert word.value.suggested_filename.endswith("第1期.docx")
    assert (Bulletin.objects.get().issue_no, Bulletin.objects.get().signer_name) == (1, str(town["signer"]))
    leader = people["leader"]
    leader.message("社情民意信息")
    leader.sees(TITLE)

    editor.go(report.get_absolute_url())
    do(editor, "登记采用", level="city", body_name="市政协研究室")
    editor.sees("市级采用：市政协研究室")
    do(editor, "登记批示", tick="for_unit", leader="区长", text="请水利局一个月内办好。")
    editor.press("转办")
    editor.page.get_by_label(str(HandlingUnit.objects.get(name=UNIT)), exact=True).check()
    editor.press(editor.page.locator("main form button.btn-primary"))
    editor.sees("已转办")

    unit = people["unit"]
    unit.todo(TITLE, "答复")
    unit.sees("请水利局一个月内办好。")
    unit.sees_not("刘玥", "反映人：")
    unit.fill(text=ANSWER)
    unit.confirm("送出答复")
    unit.sees("答复已送出")
    member.message("答复了")
    member.sees(ANSWER, "市级采用", "文字怎样改的")
    member.sees_not("请水利局一个月内办好。")
    member.press("说说满意不满意")
    member.pick("enough", "1")
    member.press("送出")
    member.sees("谢谢，已记下。")
    editor.todo(TITLE, "看答复")
    do(editor, "办结")
    editor.sees("已办结")
    editor.go("/sentiment/board/")
    editor.sees("来稿", "答复办理率100%", "市级")


@pytest.mark.parametrize("size", ["desktop", "phone"], indirect=True)
def test_resident_writes_and_follows_the_letter_by_its_code(people: People, town):
    resident = people.visitor("resident")
    resident.go("/")
    resident.go("/voice/")
    resident.fill(title="金州路口绿灯太短", text="老人过不完马路。", name="毛小姐", phone="13800001234")
    resident.press("送给区政协")
    resident.sees("请勾选同意")
    resident.page.locator("main [name=consent]").check()
    resident.press("送给区政协")
    resident.sees("已收到，谢谢您")
    code = re.sub(r"\D", "", resident.page.locator(".receipt-code").inner_text())
    resident.press("查办理进度")
    resident.sees("收到您反映的情况", "区政协正在编辑审核")

    editor = people["editor"]
    editor.todo("金州路口绿灯太短", "收稿")
    editor.sees("毛小姐")
    do(editor, "收稿编辑")
    do(editor, "答复来信人", text="绿灯已延长到35秒。")
    do(editor, "留存", reason="已经解决")
    resident.go(f"/track/?code={code}")
    resident.sees("答复：绿灯已延长到35秒。", "留存备查")
    resident.sees_not("毛小姐", "13800001234", "老人过不完马路")
