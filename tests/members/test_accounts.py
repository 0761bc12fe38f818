"""Accounts: activation by link, password rules, roles that nobody gives himself."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.errors import Refusal
from core.models import AuditEntry
from members.models import ActivationLink, Role, RoleGrant
from members.passwords import PasswordRules
from members.services import accounts
from tests.factories import PASSWORD, HandlingUnitFactory, UserFactory

pytestmark = pytest.mark.django_db
NEW = "Xin-mima-2026"


@pytest.fixture
def sysadmin():
    return UserFactory(roles=[Role.SYSADMIN])


@pytest.fixture
def secadmin():
    return UserFactory(roles=[Role.SECADMIN])


def set_password(client, secret, password=NEW):
    return client.post(f"/accounts/open/{secret}/", {"new_password1": password, "new_password2": password})


def test_a_new_account_has_no_password_until_its_link_is_used(client, sysadmin):
    user = accounts.open_account("lisi", actor=sysadmin, name="李四")
    assert not user.has_usable_password()
    secret = accounts.make_link(user, actor=sysadmin)
    assert set_password(client, secret).status_code == 302
    user.refresh_from_db()
    assert user.check_password(NEW)


def test_a_link_works_once(client, sysadmin):
    user = accounts.open_account("lisi", actor=sysadmin, name="李四")
    secret = accounts.make_link(user, actor=sysadmin)
    set_password(client, secret)
    assert client.get(f"/accounts/open/{secret}/").status_code == 410
    assert set_password(client, secret, "Ling-yige-9").status_code == 410
    user.refresh_from_db()
    assert user.check_password(NEW)


def test_a_link_is_void_after_seven_days(client, sysadmin):
    secret = accounts.make_link(UserFactory(), actor=sysadmin)
    link = ActivationLink.objects.get()
    assert timedelta(days=6, hours=23) < link.expires_at - timezone.now() <= timedelta(days=7)
    ActivationLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert set_password(client, secret).status_code == 410


def test_a_new_link_voids_the_earlier_one(client, sysadmin):
    user = UserFactory()
    first = accounts.make_link(user, actor=sysadmin)
    accounts.make_link(user, actor=sysadmin)
    assert client.get(f"/accounts/open/{first}/").status_code == 410


def test_the_table_does_not_hold_the_secret(sysadmin):
    secret = accounts.make_link(UserFactory(), actor=sysadmin)
    assert secret not in str(list(ActivationLink.objects.values_list()))


def test_only_the_system_administrator_makes_links(secadmin):
    with pytest.raises(Refusal, match="系统管理员"):
        accounts.make_link(UserFactory(), actor=secadmin)


def test_every_failed_rule_is_named():
    with pytest.raises(ValidationError) as failed:
        PasswordRules().validate("abc")
    assert len(failed.value.messages) == 2


@pytest.mark.parametrize("password", ["Abcdef1234", "abcdef-1234", "ABC-def-ghi", "汉滨Abc12345"])
def test_three_of_four_classes_are_enough(password):
    PasswordRules().validate(password)


@pytest.mark.parametrize("password", ["abcdefghij", "abcdef12345", "ABCDEF12345", "Aa1-"])
def test_weak_passwords_are_refused(password):
    with pytest.raises(ValidationError):
        PasswordRules().validate(password)


def test_the_last_five_passwords_are_barred():
    user = UserFactory()
    used = [PASSWORD] + [f"Mima-{number}-abcd" for number in range(6)]
    for password in used[1:]:
        accounts.change_password(user, actor=user, password=password)
    for barred in used[-6:]:
        with pytest.raises(ValidationError, match="最近用过"):
            PasswordRules().validate(barred, user)
    PasswordRules().validate(used[0], user)


def test_changing_the_password_keeps_this_session(client):
    user = UserFactory()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    form = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert client.post("/accounts/security/password/", form).status_code == 302
    assert client.get("/accounts/security/").status_code == 200


def test_nobody_grants_himself_a_role(secadmin):
    with pytest.raises(Refusal, match="不能给自己"):
        accounts.grant_role(secadmin, actor=secadmin, role=Role.PROPOSAL_CHIEF)
    assert secadmin.role_grants.count() == 1


def test_nobody_grants_himself_a_role_in_admin(client, sysadmin):
    client.force_login(sysadmin, backend="django.contrib.auth.backends.ModelBackend")
    grant = sysadmin.role_grants.get()
    form = {
        "name": sysadmin.name, "phone": "", "role_grants-TOTAL_FORMS": "2", "role_grants-INITIAL_FORMS": "1",
        "role_grants-0-id": grant.pk, "role_grants-0-user": sysadmin.pk,
        "role_grants-1-user": sysadmin.pk, "role_grants-1-role": "proposal_chief",
    }  # fmt: skip
    client.post(f"/admin/members/user/{sysadmin.pk}/change/", form)
    assert set(sysadmin.role_grants.values_list("role", flat=True)) == {"sysadmin"}


def test_a_grant_is_made_and_taken_back_in_admin(client, secadmin):
    client.force_login(secadmin, backend="django.contrib.auth.backends.ModelBackend")
    user = UserFactory()
    url = f"/admin/members/user/{user.pk}/change/"
    blank = {"role_grants-TOTAL_FORMS": "1", "role_grants-INITIAL_FORMS": "0", "role_grants-0-user": user.pk}
    assert client.post(url, blank | {"role_grants-0-role": "inspection"}).status_code == 302
    grant = user.role_grants.get()
    assert grant.role == "inspection"
    taken = {
        "role_grants-TOTAL_FORMS": "1", "role_grants-INITIAL_FORMS": "1", "role_grants-0-id": grant.pk,
        "role_grants-0-user": user.pk, "role_grants-0-DELETE": "on",
    }  # fmt: skip
    assert client.post(url, taken).status_code == 302
    assert not user.role_grants.exists()
    logged = AuditEntry.objects.filter(verb__startswith="role.").values_list("verb", flat=True)
    assert list(logged) == ["role.grant", "role.revoke"]


def test_only_the_two_administrators_grant():
    clerk = UserFactory(roles=[Role.PROPOSAL_CHIEF])
    with pytest.raises(Refusal):
        accounts.grant_role(UserFactory(), actor=clerk, role=Role.MEMBER)


def test_one_person_is_one_of_the_three_administrators(secadmin):
    other = UserFactory(roles=[Role.SYSADMIN])
    with pytest.raises(Refusal, match="只能任其一"):
        accounts.grant_role(other, actor=secadmin, role=Role.AUDITOR)
    with transaction.atomic(), pytest.raises(IntegrityError):
        RoleGrant.objects.create(user=other, role=Role.AUDITOR)


def test_an_administrator_does_no_committee_business(secadmin):
    clerk = UserFactory(roles=[Role.PROPOSAL_CLERK])
    with pytest.raises(Refusal):
        accounts.grant_role(clerk, actor=secadmin, role=Role.AUDITOR)
    with pytest.raises(Refusal):
        accounts.grant_role(UserFactory(roles=[Role.AUDITOR]), actor=secadmin, role=Role.MEMBER)


def test_the_last_administrator_of_a_kind_stays(secadmin):
    auditor = UserFactory(roles=[Role.AUDITOR])
    with pytest.raises(Refusal, match="最后一位"):
        accounts.revoke_role(auditor.role_grants.get(), actor=secadmin)


def test_a_unit_role_needs_its_unit(secadmin):
    user, unit = UserFactory(), HandlingUnitFactory()
    with pytest.raises(Refusal, match="承办单位"):
        accounts.grant_role(user, actor=secadmin, role=Role.UNIT_OPERATOR)
    accounts.grant_role(user, actor=secadmin, role=Role.UNIT_OPERATOR, unit=unit)
    assert user.unit_ids() == {unit.pk}


def test_a_grant_is_logged_with_its_granter(secadmin):
    user = UserFactory()
    accounts.grant_role(user, actor=secadmin, role=Role.INSPECTION)
    entry = AuditEntry.objects.get(verb="role.grant")
    assert (entry.actor, entry.subject_id) == (secadmin, user.pk)


def test_admin_opens_an_account_and_shows_its_link_once(client, sysadmin):
    client.force_login(sysadmin, backend="django.contrib.auth.backends.ModelBackend")
    form = {
        "username": "wangwu", "name": "王五", "phone": "", "is_active": "on",
        "role_grants-TOTAL_FORMS": "0", "role_grants-INITIAL_FORMS": "0",
    }  # fmt: skip
    assert client.post("/admin/members/user/add/", form).status_code == 302
    user = accounts.User.objects.get(username="wangwu")
    page = client.post(f"/admin/members/user/{user.pk}/link/").content.decode()
    assert "/accounts/open/" in page
    assert not user.has_usable_password()


def test_security_administrator_makes_no_link(client, secadmin):
    client.force_login(secadmin, backend="django.contrib.auth.backends.ModelBackend")
    user = UserFactory()
    assert client.post(f"/admin/members/user/{user.pk}/link/").status_code == 404
    assert not ActivationLink.objects.exists()
