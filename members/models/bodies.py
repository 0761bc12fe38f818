"""Bodies 组织: sectors, special committees, parties, people's organizations, studios, offices; and handling units."""

from django.db import models

from core.fields import EncryptedCharField


class Body(models.Model):
    """A body that members belong to or that speaks as one; collective proposals come from bodies."""

    class Kind(models.TextChoices):
        SECTOR = "sector", "界别"
        COMMITTEE = "committee", "专委会"
        PARTY = "party", "党派"
        ORGANIZATION = "organization", "人民团体"
        STUDIO = "studio", "委员工作室"
        GROUP = "group", "委员小组"
        OFFICE = "office", "工作机构"

    kind = models.CharField("种类", max_length=12, choices=Kind.choices)
    name = models.CharField("名称", max_length=80)
    short_name = models.CharField("简称", max_length=40, blank=True)
    aliases = models.JSONField("别名", default=list, blank=True)
    order = models.PositiveSmallIntegerField("次序", default=0)
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "组织"
        ordering = ["kind", "order", "id"]
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="body_name_once")]

    def __str__(self) -> str:
        return self.short_name or self.name


class _KindManager(models.Manager):
    """Bodies of one kind; rows made through it are of that kind."""

    def get_queryset(self):
        return super().get_queryset().filter(kind=self.model.KIND)  # type: ignore[attr-defined]

    def create(self, **kwargs):
        """Make a body of this kind."""
        return super().create(**{**kwargs, "kind": self.model.KIND})  # type: ignore[attr-defined]


class Sector(Body):
    """A sector 界别."""

    KIND = Body.Kind.SECTOR
    objects = _KindManager()

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "界别"


class SpecialCommittee(Body):
    """A special committee 专委会."""

    KIND = Body.Kind.COMMITTEE
    objects = _KindManager()

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "专委会"


class Studio(Body):
    """A members' studio 委员工作室: what it is, where, and who looks after it."""

    class Scope(models.TextChoices):
        AREA = "area", "区域"
        SECTOR = "sector", "界别"
        PERSONAL = "personal", "个人"

    KIND = Body.Kind.STUDIO
    scope = models.CharField("类型", max_length=10, choices=Scope.choices, default=Scope.AREA)
    convener = models.ForeignKey(
        "members.Member", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="召集人"
    )
    sector = models.ForeignKey(Body, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="界别")
    place = models.CharField("地点", max_length=80, blank=True)
    founded_on = models.DateField("成立日期", null=True, blank=True)
    township = models.CharField("镇（街道）", max_length=20, blank=True)
    address = models.CharField("详细地址", max_length=120, blank=True)
    map_url = models.URLField("地图链接", max_length=300, blank=True)
    phone = models.CharField("工作室电话", max_length=30, blank=True, help_text="对外公布的号码")
    liaison_name = models.CharField("联络员", max_length=20, blank=True)
    liaison_phone = EncryptedCharField("联络员电话", max_length=20, blank=True)
    motto = models.CharField("工作室理念", max_length=60, blank=True)
    introduction = models.TextField("简介", blank=True)
    reception_rule = models.CharField("接待日", max_length=80, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)

    objects = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = "委员工作室"

    def save(self, *args, **kwargs):
        """Keep the body's kind true."""
        self.kind = self.KIND
        super().save(*args, **kwargs)


class HandlingUnit(models.Model):
    """A unit 承办单位 that handles proposals; its other names are known, so papers find it."""

    class Side(models.TextChoices):
        PARTY = "party", "区委"
        GOVERNMENT = "government", "区政府"

    name = models.CharField("单位名称", max_length=80, unique=True)
    short_name = models.CharField("简称", max_length=40)
    aliases = models.JSONField("别名", default=list, blank=True)
    category = models.CharField("类别", max_length=20)
    side = models.CharField("归口", max_length=12, choices=Side.choices, default=Side.GOVERNMENT)
    leader_post = models.CharField("分管领导职务", max_length=40, blank=True)
    contact_post = models.CharField("联系人职务", max_length=40, blank=True)
    phone = models.CharField("联系电话", max_length=30, blank=True)
    order = models.PositiveSmallIntegerField("次序", default=0)
    is_active = models.BooleanField("在用", default=True)
    note = models.CharField("备注", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "承办单位"
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.short_name or self.name
