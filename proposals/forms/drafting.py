"""Forms of a draft: screen one 案由与内容, screen two 联名、联系与公开, and the co-signer's answer."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from core import options
from core.kept_choices import KeptChoiceField
from members import reference
from members.models import Body, Member
from proposals import choices
from proposals.forms.assignment import UnitBook, UnitsField
from proposals.models import Category, Proposal
from proposals.services.drafting import MAX_SUGGESTIONS
from proposals.services.proposing import BODY_KINDS

TITLE_HINT = 50
SPARE_ROWS = 3
MAX_FILES = 5


def length(text: str) -> int:
    """Characters of a text without blanks, as the office counts them."""
    return len("".join(text.split()))


def kinds_of(user) -> list[tuple[str, str]]:
    """As whom ``user`` may propose: (value, words); a body is «kind:pk»; the office enters for all."""
    found: list[tuple[str, str]] = []
    office = user.has_perm("proposals.review")
    if user.member_id or office:
        found += [("individual", "委员个人"), ("joint", "委员联名")]
    if office:
        found += [(kind.value, kind.label) for kind in Proposal.COLLECTIVE_KINDS]
        return found
    body_kinds = {str(body): str(kind) for kind, body in BODY_KINDS.items()}
    for body in Body.objects.filter(pk__in=user.body_ids, is_active=True):
        if body.kind in body_kinds:
            found.append((f"{body_kinds[body.kind]}:{body.pk}", body.name))
    return found


class TextForm(forms.Form):
    """Screen one: as whom, title, category, situation, analysis and the numbered suggestions.

    A draft may be incomplete: ``complete`` asks for all that submission needs, saving does not.
    """

    kind = forms.ChoiceField(label="以谁的名义", widget=forms.RadioSelect, error_messages={"required": "请选一个。"})
    member = forms.CharField(
        label="第一提案者", required=False, max_length=60, help_text="纸质件上的委员姓名；同名的写“姓名　界别”。"
    )
    body = KeptChoiceField(
        label="提出提案的组织", required=False, queryset=Body.objects.filter(is_active=True).exclude(kind="office"),
        marks=reference.NAME, empty_label="请选择", help_text="集体提案才选。",
    )  # fmt: skip
    title = forms.CharField(
        label="案由", max_length=120, help_text="一事一案，写成“关于……的建议”，不超过50字。",
        error_messages={"required": "请写案由。"},
        widget=forms.TextInput(attrs={"data-count": str(TITLE_HINT)}),
    )  # fmt: skip
    category = KeptChoiceField(
        label="类别", queryset=Category.objects.filter(is_active=True), marks=choices.NAME, empty_label="请选择",
        error_messages={"required": "请选一个；拿不准选“其他”，提案委会调整并告诉您。"},
    )  # fmt: skip
    situation = forms.CharField(
        label="情况与问题", help_text="写看到的事实：在哪里、多少、影响谁。", max_length=20000,
        widget=forms.Textarea(attrs={"rows": 6, "data-count-part": ""}),
        error_messages={"required": "请写情况与问题。"},
    )  # fmt: skip
    analysis = forms.CharField(
        label="分析", required=False, max_length=20000, help_text="原因在哪里；没有可以不写。",
        widget=forms.Textarea(attrs={"rows": 4, "data-count-part": ""}),
    )  # fmt: skip

    def __init__(
        self, data=None, *, user, proposal: Proposal | None = None, complete: bool = True, given: dict | None = None
    ):
        """``given`` are texts by name that a new draft begins with, such as those of a matter."""
        given = given or {}
        texts = {name: given[name] for name in ("title", "situation", "analysis") if name in given}
        super().__init__(data, initial=_text_initial(proposal, user) | texts)
        self.user, self.proposal, self.complete = user, proposal, complete
        self.office = user.has_perm("proposals.review")
        self.fields["kind"].choices = kinds_of(user)
        if not self.office:
            del self.fields["member"], self.fields["body"]
        if not complete:
            for name in ("title", "category", "situation", "kind"):
                self.fields[name].required = False
        self.asks = self._asks(data, proposal, given.get("suggestions", []))
        self.ask_errors: dict[int, str] = {}

    def _asks(self, data, proposal: Proposal | None, given: list[str]) -> list[str]:
        if data is not None:
            return [text.strip() for text in data.getlist("ask")][:MAX_SUGGESTIONS]
        texts = [row.text for row in proposal.suggestions.all()] if proposal else list(given)
        return texts or [""]

    @property
    def ask_rows(self) -> list[dict[str, Any]]:
        """The suggestions as the page shows them, each with its error."""
        rows = self.asks or [""]
        return [
            {"no": place, "text": text, "error": self.ask_errors.get(place, "")} for place, text in enumerate(rows, 1)
        ]

    def clean_title(self) -> str:
        """At most fifty characters."""
        title = self.cleaned_data["title"].strip()
        over = length(title) - TITLE_HINT
        if over > 0 and self.complete:
            raise forms.ValidationError(f"现在{length(title)}字，请删去{over}字，到{TITLE_HINT}字以内。")
        return title

    def clean(self) -> dict[str, Any]:
        """Suggestions, and the first proposer as named on paper."""
        data = super().clean() or {}
        if self.complete:
            if not any(self.asks):
                self.ask_errors[1] = "请至少写一条建议。"
            else:
                gaps = (place for place, text in enumerate(self.asks, 1) if not text)
                self.ask_errors = dict.fromkeys(gaps, "请写上内容，或者删去这一条。")
            if self.ask_errors:
                raise forms.ValidationError(f"建议：{next(iter(self.ask_errors.values()))}", code="asks")
        kind, _, body = (data.get("kind") or "").partition(":")
        data["kind"] = kind or None
        if body:
            data["body"] = Body.objects.filter(pk=body).first()
        if self.office and data.get("member"):
            data["member"] = self._member(data["member"])
        elif self.office:
            data["member"] = None
        return data

    def _member(self, text: str) -> Member | None:
        """The member whom the paper names."""
        found = find_members(text)
        if len(found) == 1:
            return found[0]
        if not found:
            self.add_error("member", f"名册里没有“{text}”。请核对姓名。")
        else:
            choices = "、".join(f"{row.name}　{row.sector or ''}" for row in found[:5])
            self.add_error("member", f"有{len(found)}位同名：{choices}。请连界别一起写。")
        return None

    def text_length(self) -> int:
        """Characters of situation, analysis and suggestions together."""
        data = self.cleaned_data
        return sum(map(length, [data.get("situation", ""), data.get("analysis", ""), *self.asks]))

    def values(self) -> dict[str, Any]:
        """Keyword arguments of the drafting services."""
        data = self.cleaned_data
        found = {
            "title": data.get("title", ""),
            "situation": data.get("situation", ""),
            "analysis": data.get("analysis", ""),
            "category": data.get("category"),
            "suggestions": self.asks,
            "kind": data.get("kind"),
        }
        for name in ("member", "body"):
            if data.get(name):
                found[name] = data[name]
        return found


def _text_initial(proposal: Proposal | None, user) -> dict[str, Any]:
    if proposal is None:
        kinds = kinds_of(user)
        return {"kind": kinds[0][0] if kinds else ""}
    first = next((row for row in proposal.proposers.all() if row.is_first), None)
    kind = proposal.kind
    if first and first.body_id and not user.has_perm("proposals.review"):
        kind = f"{kind}:{first.body_id}"
    return {
        "kind": kind,
        "title": proposal.title,
        "category": proposal.category_id,
        "situation": proposal.situation,
        "analysis": proposal.analysis,
        "member": first.name if first and first.member_id else "",
        "body": first.body_id if first else None,
    }


def find_members(text: str) -> list[Member]:
    """Members by name, or by «姓名 界别», or by code."""
    parts = text.replace("　", " ").replace("（", " ").replace("）", " ").split()
    if not parts:
        return []
    rows = Member.objects.filter(is_active=True).select_related("sector")
    found = list(rows.filter(name=parts[0])[:20]) or list(rows.filter(code=parts[0])[:1])
    if len(parts) > 1:
        named = [row for row in found if row.sector and parts[1] in row.sector.name]
        found = named or found
    return found


class FinishForm(forms.Form):
    """Screen two: co-signers, suggested units, contact, publication."""

    cosigners = forms.ModelMultipleChoiceField(queryset=Member.objects.filter(is_active=True), required=False)
    add_cosigner = forms.CharField(
        label="再请一位", required=False, max_length=60, help_text="写姓名；同名的写“姓名　界别”。"
    )
    cosign_until = forms.DateField(
        label="联名截止", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="到这天还没有确认的不列名，不影响这件提案。",
        error_messages={"invalid": "要写成2026-03-05这样的日期。"},
    )  # fmt: skip
    suggested_units = UnitsField(
        label="建议哪些单位办",
        required=False,
        max_length=200,
        help_text="写简称就行，几家用顿号分开。最后由提案委和督查室定，定了会告诉您。",
    )
    contact_name = forms.CharField(label="联系人", required=False, max_length=40)
    contact_post = forms.CharField(label="单位及职务", required=False, max_length=120)
    contact_phone = forms.CharField(label="联系电话", required=False, max_length=30)
    contact_address = forms.CharField(label="通信地址", required=False, max_length=120)
    publish_consent = forms.TypedChoiceField(
        label="公开", widget=forms.RadioSelect, coerce=lambda value: value == "1",
        choices=[("1", "同意公开全文和答复"), ("0", "不公开，我写明理由")],
        help_text="立案后在门户公布。您的电话、地址在任何情况下都不公布。",
    )  # fmt: skip
    publish_refusal = forms.CharField(label="不公开的理由", required=False, max_length=200)

    def __init__(self, data=None, *, proposal: Proposal, complete: bool = True):
        super().__init__(data, initial=_finish_initial(proposal))
        self.proposal, self.complete = proposal, complete
        self.is_joint = proposal.kind == Proposal.Kind.JOINT
        most = options.value("proposals.max_suggested_units")
        self.fields["suggested_units"].label = f"建议哪些单位办（最多{most}家）"
        self.book = UnitBook()
        self.fields["suggested_units"].book = self.book
        self.added: Member | None = None
        if not complete:
            self.fields["publish_consent"].required = False
        if not self.is_joint:
            for name in ("cosigners", "add_cosigner", "cosign_until"):
                del self.fields[name]

    def clean_add_cosigner(self) -> str:
        """The member to ask, found by name."""
        text = self.cleaned_data["add_cosigner"].strip()
        if not text:
            return ""
        found = find_members(text)
        if len(found) == 1:
            self.added = found[0]
            return text
        if not found:
            raise forms.ValidationError(f"名册里没有“{text}”。请核对姓名，或者写全名。")
        choices = "、".join(f"{row.name}　{row.sector or ''}" for row in found[:5])
        raise forms.ValidationError(f"有{len(found)}位同名：{choices}。请连界别一起写。")

    def clean_suggested_units(self):
        """Not more than the option allows."""
        units = self.cleaned_data["suggested_units"]
        most = options.value("proposals.max_suggested_units")
        if len(units) > most:
            raise forms.ValidationError(f"选了{len(units)}家，最多{most}家。请去掉几家。")
        return units

    def clean(self) -> dict[str, Any]:
        """A refusal to publish has its reason."""
        data = super().clean() or {}
        if self.complete and data.get("publish_consent") is False and not data.get("publish_refusal", "").strip():
            self.add_error("publish_refusal", "请写明不公开的理由，由提案委定。")
        return data

    @property
    def wanted_cosigners(self) -> list[Member]:
        """Everybody asked, the added one included."""
        members = list(self.cleaned_data.get("cosigners") or [])
        return members + ([self.added] if self.added and self.added not in members else [])

    def values(self) -> dict[str, Any]:
        """Keyword arguments of ``save_draft``."""
        data = self.cleaned_data
        found: dict[str, Any] = {
            "publish_refusal": data.get("publish_refusal", ""),
            "contact": {
                name: data.get(name, "")
                for name in ("contact_name", "contact_post", "contact_phone", "contact_address")
            },
        }
        if data.get("publish_consent") in (True, False):
            found["publish_consent"] = data["publish_consent"]
        if "suggested_units" in data:
            found["suggested_units"] = list(data["suggested_units"])
        if self.is_joint and "cosigners" in data:
            found["cosigners"] = self.wanted_cosigners
        return found


def _finish_initial(proposal: Proposal) -> dict[str, Any]:
    first = proposal.proposers.select_related("member").filter(order=0).first()
    member = first.member if first else None
    contact = {
        "contact_name": (first.contact_name if first else "") or (member.name if member else ""),
        "contact_post": (first.contact_post if first else "") or (member.post if member else ""),
        "contact_phone": (first.contact_phone if first else "") or (member.phone if member else ""),
        "contact_address": first.contact_address if first else "",
    }
    return contact | {
        "suggested_units": "、".join(str(unit) for unit in proposal.suggested_units.all()),
        "publish_consent": "1" if proposal.publish_consent else "0",
        "publish_refusal": proposal.publish_refusal,
        "cosign_until": proposal.cosign_until or timezone.localdate() + dt.timedelta(days=5),
    }
