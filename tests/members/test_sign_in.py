"""Signing in: lockout, the second step, one session per administrator, the log."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session as WebSession
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from core.models import AuditEntry
from members.models import Role
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def sign_in(client, user, password=PASSWORD, **more):
    return client.post(LOGIN, {"username": user.username, "password": password, **more})


def code_of(device: TOTPDevice) -> str:
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = timezone.now().timestamp()
    return f"{totp.token():06d}"


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("seq").values_list("verb", flat=True))


def test_sign_in_goes_to_the_page_asked_for_and_is_logged(client):
    user = UserFactory(roles=[Role.MEMBER])
    response = sign_in(client, user, next="/members/")
    assert (response.status_code, response["Location"]) == (302, "/members/")
    assert verbs() == ["account.login"]


@pytest.mark.parametrize("away", ["https://elsewhere.example/", "//elsewhere.example/", "99", "home:index"])
def test_sign_in_never_leaves_the_site(client, away):
    response = sign_in(client, UserFactory(), next=away)
    assert response["Location"] == "/home/"


def test_wrong_password_and_unknown_account_read_the_same(client):
    known = sign_in(client, UserFactory(username="known"), "wrong-Password-1")
    unknown = client.post(LOGIN, {"username": "nobody", "password": "wrong-Password-1"})
    errors = [list(response.context["form"].non_field_errors()) for response in (known, unknown)]
    assert errors[0] == errors[1] != []
    assert "known" not in errors[0][0]


def test_five_failures_lock_and_say_until_when(client):
    user = UserFactory()
    codes = [sign_in(client, user, "wrong-Password-1").status_code for _ in range(5)]
    assert codes == [200, 200, 200, 200, 429]
    right = sign_in(client, user)
    assert right.status_code == 429
    assert 1000 < int(right["Retry-After"]) <= 1200
    assert "账号锁到" in right.content.decode()
    assert verbs().count("account.login_failed") >= 5
    assert "account.locked" in verbs()


def test_lock_ends_after_its_time(client):
    from axes.models import AccessAttempt

    user = UserFactory()
    for _ in range(5):
        sign_in(client, user, "wrong-Password-1")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=21))
    assert sign_in(client, user).status_code == 302


def test_a_locked_name_does_not_lock_another(client):
    locked, other = UserFactory(), UserFactory()
    for _ in range(5):
        sign_in(client, locked, "wrong-Password-1")
    assert sign_in(client, other).status_code == 302


def test_authenticator_asks_for_its_code(client):
    user = UserFactory()
    device = TOTPDevice.objects.create(user=user, confirmed=True)
    response = sign_in(client, user)
    assert response["Location"] == "/accounts/login/code/"
    assert "_auth_user_id" not in client.session
    assert client.get("/members/").status_code == 302
    done = client.post("/accounts/login/code/", {"token": code_of(device)})
    assert done["Location"] == "/home/"
    assert client.session["_auth_user_id"] == str(user.pk)


def test_wrong_code_stays_out_and_is_logged(client):
    user = UserFactory()
    TOTPDevice.objects.create(user=user, confirmed=True)
    sign_in(client, user)
    response = client.post("/accounts/login/code/", {"token": "000000"})
    assert "验证码不对" in response.content.decode()
    assert "_auth_user_id" not in client.session
    assert "account.otp_failed" in verbs()


def test_code_page_without_a_password_leads_back(client):
    assert client.get("/accounts/login/code/")["Location"] == LOGIN


def test_enrolling_gives_backup_codes_that_work_once(client):
    user = UserFactory()
    sign_in(client, user)
    page = client.get("/accounts/security/authenticator/")
    assert "<svg" in page.content.decode()
    device = TOTPDevice.objects.get(user=user, confirmed=False)
    shown = client.post("/accounts/security/authenticator/", {"token": code_of(device)})
    codes = shown.context["codes"]
    assert len(codes) == 8
    other = Client()
    sign_in(other, user)
    assert other.post("/accounts/login/code/", {"token": codes[0]}).status_code == 302
    assert StaticToken.objects.filter(device__user=user).count() == 7
    third = Client()
    sign_in(third, user)
    assert third.post("/accounts/login/code/", {"token": codes[0]}).status_code == 200


def test_an_administrator_has_one_session(client):
    admin = UserFactory(roles=[Role.SYSADMIN])
    sign_in(client, admin)
    first = client.session.session_key
    second = Client()
    sign_in(second, admin)
    assert not WebSession.objects.filter(session_key=first).exists()
    assert second.get("/admin/").status_code == 200


def test_an_administrator_must_bind_outside_development(client, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    admin = UserFactory(roles=[Role.AUDITOR])
    sign_in(client, admin)
    assert client.get("/settings/audit/")["Location"] == "/accounts/security/authenticator/"


def test_staff_are_reminded_of_the_second_factor(client, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    clerk = UserFactory(roles=[Role.PROPOSAL_CLERK])
    sign_in(client, clerk)
    page = client.get("/accounts/security/").content.decode()
    assert "您的角色需要绑定手机验证器" in page


def test_sign_out_is_by_post_and_logged(client):
    user = UserFactory()
    sign_in(client, user)
    assert client.get("/accounts/logout/").status_code == 405
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session
    assert verbs()[-1] == "account.logout"


def test_a_person_who_must_change_the_password_goes_there_first(client):
    user = UserFactory(must_change_password=True)
    sign_in(client, user)
    assert client.get("/members/")["Location"] == "/accounts/security/password/"


def test_superuser_flag_opens_nothing(client):
    user = UserFactory(is_superuser=True, is_staff=True)
    sign_in(client, user)
    assert client.get("/admin/").status_code == 404
    assert not user.has_perm("proposals.review")


def test_unknown_account_costs_as_much_as_a_wrong_password(client, monkeypatch):
    """Whoever measures the time learns nothing of which accounts there are."""
    hashed = []
    encode = MD5PasswordHasher.encode

    def counted(self, password, salt):
        hashed.append(password)
        return encode(self, password, salt)

    user = UserFactory()
    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    answers = []
    for name in (user.username, "nobody-of-that-name"):
        hashed.clear()
        page = client.post(LOGIN, {"username": name, "password": "wrong"}).content.decode()
        answers.append((len(hashed), "账号或者密码不对" in page))
    assert answers == [(1, True), (1, True)]
