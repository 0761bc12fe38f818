"""People at their browsers: each signs in on a device of his own, finds what waits for him, and acts.

Every page that somebody opens is looked at: its accessibility, its width, its console. What is
wrong is collected and told at the end of the story, all of it at once.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlparse

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page

from core import outbox

PASSWORD = "Journey-2026!"
WAITING = 10_000
MADE_OF = """[...new Set([document.title, location.pathname.replace(/[0-9]+/g, "N"), ...Array.from(
    document.querySelectorAll("body *"), (one) => `${one.tagName}.${one.className}.${one.getAttribute("role")}`)])].join(" ")"""
"""What a page is made of: one of the same address, title and kinds of elements was looked at already."""


class People:
    """The devices of a story: `people["member"]` is the page of that account, signed in at first use."""

    def __init__(self, browser: Browser, address: str, options: dict[str, Any], axe: Callable[[Page], None]) -> None:
        self.browser, self.address, self.options, self.axe = browser, address, options, axe
        self.desks: dict[str, Desk] = {}
        self.wrong: list[str] = []
        self.looked_at: set[str] = set()

    def __getitem__(self, name: str) -> "Desk":
        """The person's desk, signed in."""
        if name not in self.desks:
            desk = self.visitor(name)
            desk.sign_in(name)
            self.desks[name] = desk
        return self.desks[name]

    def visitor(self, name: str = "visitor", **options: Any) -> "Desk":
        """A device on which nobody has signed in yet."""
        context = self.browser.new_context(**{**self.options, **options})
        context.set_default_timeout(WAITING)
        return Desk(self, name, context.new_page(), scripts=options.get("java_script_enabled", True))

    def deliver(self) -> int:
        """Carry out what the acts so far have left in the outbox, as the worker does."""
        return outbox.run_pending()

    def close(self) -> None:
        """Put every device away, and tell what was wrong on any page."""
        for context in list(self.browser.contexts):
            context.close()
        assert not self.wrong, "\n".join(dict.fromkeys(self.wrong))


class Desk:
    """One person at one device."""

    def __init__(self, people: People, name: str, page: Page, *, scripts: bool) -> None:
        self.people, self.name, self.page, self.scripts = people, name, page, scripts
        self._excused = 0
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._note(f"script error: {error}"))

    # --- Looking -----------------------------------------------------------------------------

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not self._excused:
            self._note(f"console: {message.text}")

    def _note(self, what: str) -> None:
        path = urlparse(self.page.url).path
        self.people.wrong.append(f"{self.name} at {path}: {what}")

    @contextmanager
    def excused(self) -> Iterator[None]:
        """Within it a page may answer with an error status, which the browser writes to its console."""
        self._excused += 1
        yield
        self._excused -= 1

    def look(self) -> None:
        """Note what is wrong with the page as it stands: status, accessibility, width."""
        page = self.page
        page.wait_for_load_state("load")
        if not self.scripts:
            return
        made_of = page.evaluate(MADE_OF)
        if made_of not in self.people.looked_at:
            self.people.looked_at.add(made_of)
            try:
                self.people.axe(page)
            except AssertionError as problem:
                self._note(f"axe: {problem}")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            self._note(f"{wide} px wider than the screen")
        for words in page.locator('a[href=""], a:not([href])').all_inner_texts():
            self._note(f"the link “{words}” leads nowhere")

    def go(self, path: str) -> None:
        """Open an address of this site and look at it."""
        answer = self.page.goto(path if path.startswith("http") else self.people.address + path)
        if answer is not None and answer.status >= 400:
            self._note(f"answered {answer.status}")
        self.look()

    def main(self) -> str:
        """The words on the page."""
        return self.page.locator("main").inner_text()

    def sees(self, *words: str) -> None:
        """The page says all of these words."""
        text = self.main()
        for word in words:
            assert word in text, f"{self.name} at {self.page.url} does not see “{word}”:\n{text}"

    def sees_anywhere(self, words: str) -> None:
        """The words stand on the page, in its frame or outside it."""
        assert words in self.page.locator("body").inner_text(), self.page.url

    def sees_not(self, *words: str) -> None:
        """The page says none of these words."""
        text = self.main()
        for word in words:
            assert word not in text, f"{self.name} at {self.page.url} sees “{word}”:\n{text}"

    # --- Acting ------------------------------------------------------------------------------

    def press(self, what: str | Locator, *, within: str = "main") -> None:
        """Press a button or link of the page by its words (or the given one), and look at what comes."""
        target = self.control(what, within=within) if isinstance(what, str) else what
        with self.page.expect_navigation(wait_until="load"):
            target.click()
        self.look()

    def control(self, words: str, *, within: str = "main") -> Locator:
        """The button, else the link, of these words that is to be seen."""
        area = self.page.locator(within)
        for role in ("button", "link"):
            found = area.get_by_role(role, name=words, exact=True).locator("visible=true")
            if found.count():
                return found.first
        found = area.get_by_role("button", name=words).or_(area.get_by_role("link", name=words)).locator("visible=true")
        assert found.count(), f"{self.name} at {self.page.url} finds no “{words}”:\n{self.main()}"
        return found.first

    def confirm(self, what: str | Locator) -> None:
        """Press a button that asks first, and say yes: in its dialog, or on the page that asks."""
        target = self.control(what) if isinstance(what, str) else what
        if self.scripts and target.get_attribute("data-confirm"):
            target.click()
            self.look()  # an open dialog is a page of its own to those who hear it
            self.press(self.page.locator("dialog[open] [data-go]"))
        else:
            self.press(target)
            self.press(self.page.locator("main .dialog form button.btn-primary"))

    def fill(self, **values: str) -> None:
        """Fill fields by their names; a choice is picked by its value, a box ticked by True."""
        for name, value in values.items():
            field = self.page.locator(f'main [name="{name}"]')
            kind = field.first.get_attribute("type")
            if kind == "radio":
                self.pick(name, value)
            elif field.first.evaluate("field => field.tagName") == "SELECT":
                field.first.select_option(value)
            else:
                field.first.fill(value)

    def pick(self, name: str, value: str) -> None:
        """Choose one of several radio buttons, by its tile where it is drawn as one."""
        wanted = f'input[name="{name}"][value="{value}"]'
        tile = self.page.locator(f"main label:has({wanted})")
        if tile.count():
            tile.click()
        else:
            self.page.locator(f"main {wanted}").check()
        assert self.page.locator(f"main {wanted}").is_checked(), f"{name} is not {value} at {self.page.url}"

    # --- Ways that everybody takes -----------------------------------------------------------

    def sign_in(self, username: str, password: str = PASSWORD) -> None:
        """Sign in with account and password, from the front page's own link."""
        self.go("/accounts/login/")
        self.page.locator("input[name=username]").fill(username)
        self.page.locator("input[name=password]").fill(password)
        self.press("登录")
        assert "/accounts/login/" not in self.page.url, self.main()

    def todo(self, title: str, action: str = "") -> None:
        """Open what waits under 待办 with this title (and this next act)."""
        self.go("/home/")
        row = self.page.locator(".todo", has_text=title)
        if action:
            row = row.filter(has_text=action)
        assert row.count(), f"{self.name} has no “{action} {title}” waiting:\n{self.main()}"
        self.press(row.first.locator(".todo-what a"))

    def has_nothing_waiting(self, title: str) -> None:
        """Nothing of this title waits any more."""
        self.go("/home/")
        assert not self.page.locator(".todo", has_text=title).count(), self.main()

    def message(self, words: str) -> None:
        """Find a message that says so under 消息 and follow it."""
        self.people.deliver()
        self.go("/messages/")
        self.sees(words)
        self.press(self.page.locator(".notices a", has_text=words).first)
