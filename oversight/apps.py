"""Registers the app `oversight` (民主监督) with Django."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """App `oversight`: 民主监督."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "oversight"
    label = "oversight"
    verbose_name = "民主监督"

    def ready(self) -> None:
        """Put the list into the menu, the paper into the import, figures into the report, a card on members' pages, itself into the demo."""
        import oversight.rules  # noqa: F401 (its permissions are known from now on)
        from members.demo import parts as demo_parts
        from members.people import sections
        from oversight import demo, figures, member_section, menu, papers

        menu.register()
        papers.register()
        figures.register()
        sections.register(member_section.posts_of)
        demo_parts.add(self.label, demo.seed)
