"""The form 征询意见表 by which a proposer judges the handling; the office enters paper ones."""

from django import forms
from django.utils import timezone

from proposals.models import Feedback, Proposal

RATINGS = Proposal.Rating.choices[:3]
YES_NO = [("yes", "参加了"), ("no", "没有")]
UNSATISFIED = Proposal.Rating.UNSATISFIED


class FeedbackForm(forms.Form):
    """Attitude 办理态度 and result 办理结果 apart; dissatisfaction with either needs a reason."""

    contact_way = forms.ChoiceField(
        label="承办单位怎么和您沟通的", choices=Feedback.ContactWay.choices, widget=forms.RadioSelect
    )
    targeting = forms.ChoiceField(
        label="答复有没有针对您的建议", choices=Feedback.Targeting.choices, widget=forms.RadioSelect
    )
    attitude = forms.ChoiceField(
        label="对办理态度",
        choices=RATINGS,
        widget=forms.RadioSelect,
        help_text="只说态度：有没有听您说、当面谈、按时回",
    )
    result = forms.ChoiceField(
        label="对办理结果",
        choices=RATINGS,
        widget=forms.RadioSelect,
        help_text="只说结果：问题解决了没有。选不满意，承办单位要重新办理",
    )
    leader_answered = forms.ChoiceField(
        label="承办单位领导参加答复了吗", choices=YES_NO, required=False, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label="意见和建议",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="不满意的，请写明哪里不满意、希望怎么办",
    )

    def __init__(self, *args, collective: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if not collective:
            del self.fields["leader_answered"]

    def clean(self):
        """Whoever is not satisfied says why (domain rules §1.6)."""
        data = super().clean()
        if UNSATISFIED in (data.get("attitude"), data.get("result")) and not data.get("text", "").strip():
            self.add_error("text", "选了不满意，请写明哪里不满意，承办单位照着改。")
        return data

    def answers(self) -> dict:
        """The answers as ``services.feedback.answer`` takes them."""
        data = self.cleaned_data
        leader = data.get("leader_answered")
        return {
            "contact_way": data["contact_way"],
            "targeting": data["targeting"],
            "attitude": data["attitude"],
            "result": data["result"],
            "leader_answered": leader == "yes" if leader else None,
            "text": data["text"].strip(),
        }


class PaperFeedbackForm(FeedbackForm):
    """The same form as it came on paper 代录: with the day on it and its scan."""

    on = forms.DateField(label="表上写的日期", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    scan = forms.FileField(label="纸质表扫描件", help_text="委员签名的那一面，PDF 或图片")

    def clean_on(self):
        """A paper form was signed in the past."""
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError("这一天还没有到，请照表上的日期填。")
        return day
