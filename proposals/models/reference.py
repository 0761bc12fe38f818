"""Lists that staff keep: categories 类别, grounds of refusal 不立案理由, result classes 办理结果分类, hand-over meetings."""

from django.db import models


class ListItem(models.Model):
    """A row of a list that staff may rename, reorder or retire, never delete while used."""

    code = models.SlugField("代码", unique=True)
    name = models.CharField("名称", max_length=60)
    order = models.PositiveSmallIntegerField("次序", default=0)
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        abstract = True
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class Category(ListItem):
    """A category 类别 of proposals."""

    class Meta(ListItem.Meta):
        verbose_name = verbose_name_plural = "提案类别"


class Ground(ListItem):
    """A ground on which a proposal is not filed 不立案理由."""

    class Meta(ListItem.Meta):
        verbose_name = verbose_name_plural = "不立案理由"


class ResultClass(ListItem):
    """A result class 办理结果分类 of a reply: A, B, C (and D in old papers), in order."""

    letter = models.CharField("字母", max_length=2, unique=True)
    needs_promise = models.BooleanField("须写明承诺", default=False)
    follows_up = models.BooleanField("办结后继续跟踪", default=False)

    class Meta(ListItem.Meta):
        verbose_name = verbose_name_plural = "办理结果分类"

    def __str__(self) -> str:
        return f"{self.letter} {self.name}"


class Handover(models.Model):
    """A hand-over meeting 交办会 at which cases were given to their units."""

    name = models.CharField("名称", max_length=60)
    held_on = models.DateField("日期")

    class Meta:
        verbose_name = verbose_name_plural = "交办会"
        ordering = ["-held_on"]

    def __str__(self) -> str:
        return self.name
