"""Mails about messages: one a person and day, confirmed addresses only, titles only where they may leave, none twice."""

from datetime import datetime, timedelta
from smtplib import SMTPException
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse

from core import notices
from core.models import Effect, Notice
from core.outbox import run_pending
from members import mailing
from members.models import Mail, MailAddress
from tests import factories as make

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 6, 1, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def server(monkeypatch):
    """A mail server is there; Django's test mailbox stands for it."""
    monkeypatch.setattr(settings, "MAIL_ON", True)
    monkeypatch.setattr(settings, "SITE_URL", "https://zx.example.org")


@pytest.fixture
def person():
    """Somebody with a confirmed address."""
    user = make.UserFactory(name="田禾")
    MailAddress.objects.create(user=user, address="tian@example.org", confirmed_at=MONDAY)
    return user


def tell(user, title="新交办提案《关于供水的建议》", url="/proposals/tasks/1/", key="a", **more) -> Notice:
    """A message to a person."""
    notices.notify([user.pk], key=key, title=title, url=url, **more)
    return Notice.objects.get(recipient=user, key=key)


def test_mail_names_title_and_link_and_nothing_else(person):
    one = tell(person, body="电话19900001234，内容很多")
    assert mailing.run(MONDAY) == 1
    [letter] = mail.outbox
    assert letter.to == ["tian@example.org"]
    assert "您有1条新消息" in letter.subject
    assert "《关于供水的建议》" in letter.body
    assert f"https://zx.example.org/messages/{one.pk}/" in letter.body
    assert "19900001234" not in letter.body
    assert "供水" not in letter.subject
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("url", ["/sentiment/3/", "/oversight/", "", "/members/4/"])
def test_title_stays_in_the_house_unless_its_area_lets_it_go(person, url):
    tell(person, title="批示：某某反映的情况", url=url)
    mailing.run(MONDAY)
    assert "批示" not in mail.outbox[0].body
    assert "内容请登录后看" in mail.outbox[0].body


def test_one_mail_a_day_holds_all_that_is_new(person):
    for number in range(25):
        tell(person, key=str(number), title=f"提醒{number}")
    assert mailing.run(MONDAY) == 1
    assert "另有5条" in mail.outbox[0].body
    tell(person, key="later", title="后来的")
    assert mailing.run(MONDAY + timedelta(hours=3)) == 0
    assert mailing.run(MONDAY + timedelta(days=1)) == 1
    assert "后来的" in mail.outbox[1].body
    assert "提醒3" not in mail.outbox[1].body
    assert mailing.run(MONDAY + timedelta(days=2)) == 0


def test_what_was_read_meanwhile_is_not_mailed(person):
    tell(person)
    mailing.prepare(MONDAY.date(), MONDAY)
    notices.mark_read(person)
    assert mailing.run(MONDAY) == 0
    assert Mail.objects.get().state == "nothing"


@pytest.mark.parametrize("change", [{"confirmed_at": None}, {"is_on": False}, {"address": "", "confirmed_at": None}])
def test_nobody_is_mailed_who_did_not_confirm_or_does_not_want(person, change):
    MailAddress.objects.filter(user=person).update(**change)
    tell(person)
    assert mailing.run(MONDAY) == 0
    assert mail.outbox == []


def test_closed_account_gets_no_mail(person):
    tell(person)
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    assert mailing.run(MONDAY) == 0


def test_rest_days_and_a_house_without_server_send_nothing(person, monkeypatch):
    tell(person)
    assert mailing.run(MONDAY - timedelta(days=1)) == 0
    monkeypatch.setattr(settings, "MAIL_ON", False)
    assert mailing.run(MONDAY) == 0


def test_server_that_refuses_is_asked_again_later_and_given_up_at_last(person, monkeypatch):
    tell(person)
    sent = []

    def refuse(self, **kwargs):
        sent.append(self)
        raise SMTPException("450 busy 秘密")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    assert mailing.run(MONDAY) == 0
    row = Mail.objects.get()
    assert (row.state, row.attempts) == ("waiting", 1)
    assert "秘密" not in row.error
    for _ in range(mailing.MOST_ATTEMPTS + 2):
        Mail.objects.update(run_after=MONDAY)
        mailing.run(MONDAY)
    assert Mail.objects.get().state == "failed"
    assert len(sent) == mailing.MOST_ATTEMPTS
    monkeypatch.undo()
    monkeypatch.setattr(settings, "MAIL_ON", True)
    assert mailing.run(MONDAY + timedelta(days=1)) == 1  # the next day's mail tells it after all


def test_mail_whose_worker_was_killed_is_not_sent_a_second_time(person, monkeypatch):
    tell(person)

    def killed(self, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("django.core.mail.EmailMessage.send", killed)
    with pytest.raises(KeyboardInterrupt):
        mailing.run(MONDAY)
    monkeypatch.undo()
    monkeypatch.setattr(settings, "MAIL_ON", True)
    assert Mail.objects.get().state == "sending"
    assert mailing.run(MONDAY + timedelta(hours=1)) == 0


def test_two_workers_send_one_mail(person):
    tell(person)
    mailing.prepare(MONDAY.date(), MONDAY)
    pk = Mail.objects.get().pk
    assert [mailing.deliver(pk), mailing.deliver(pk)] == [True, False]
    assert len(mail.outbox) == 1


def test_address_counts_once_its_owner_confirmed_it(client, person):
    old = tell(person, key="old")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.post(reverse("accounts:mail"), {"address": "neu@Example.ORG", "is_on": "on"})
    row = MailAddress.objects.get(user=person)
    assert (row.address, row.confirmed_at, row.told_upto) == ("neu@example.org", None, old.pk)
    run_pending()
    [letter] = mail.outbox
    link = next(word for word in letter.body.split() if "/mail/confirm/" in word).removeprefix("https://zx.example.org")
    client.logout()
    assert "是我的邮箱" in client.get(link).content.decode()
    assert MailAddress.objects.get(user=person).confirmed_at is None  # a mail program that opens links confirms nothing
    assert "邮箱已确认" in client.post(link).content.decode()
    assert MailAddress.objects.get(user=person).confirmed_at is not None
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.post(reverse("accounts:mail"), {"address": "third@example.org", "is_on": "on"})
    assert client.post(link).status_code == 410


def test_saving_without_a_change_asks_nobody_again(client, person):
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.post(reverse("accounts:mail"), {"address": "tian@example.org"})
    row = MailAddress.objects.get(user=person)
    assert (row.is_on, row.confirmed_at) == (False, MONDAY)
    assert not Effect.objects.filter(name=mailing.EFFECT).exists()


def test_foot_of_a_mail_stops_them_without_signing_in(client, person):
    tell(person)
    mailing.run(MONDAY)
    stop = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>").removeprefix("https://zx.example.org")
    assert "不再发给我" in client.get(stop).content.decode()
    assert MailAddress.objects.get(user=person).is_on
    from django.test import Client

    program = Client(enforce_csrf_checks=True)
    assert program.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not MailAddress.objects.get(user=person).is_on


def test_false_link_does_nothing_and_says_so(client, person):
    for name in ("accounts:mail_confirm", "accounts:mail_stop"):
        response = client.post(reverse(name, args=["a.b.c"]))
        assert response.status_code == 410
        assert "链接" in response.content.decode()


def test_wrong_address_is_kept_in_the_form_with_words(client, person):
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    page = client.post(reverse("accounts:mail"), {"address": "tian@", "is_on": "on"}).content.decode()
    assert "邮箱写得不对" in page
    assert 'value="tian@"' in page


def test_page_says_that_there_is_no_server(client, person, monkeypatch):
    monkeypatch.setattr(settings, "MAIL_ON", False)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert "还没有开通提醒邮件" in client.get(reverse("accounts:mail")).content.decode()
