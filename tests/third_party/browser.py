"""A seller at a browser: opens the consent page, reads its form, presses a button."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from email.message import Message
from html.parser import HTMLParser

PAGE_SECONDS_MAX = 30
AGREEING_WORDS = ("authorize", "agree", "approve", "allow")
REFUSING_WORDS = ("cancel", "refuse", "deny", "decline")


@dataclass
class Form:
    """A form with what it would send."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    #: Each button's name, value and text.
    buttons: list[list[str]] = field(default_factory=list)


class Page(HTMLParser):
    """The forms of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._in_button = False
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append(Form(has.get("action", ""), has.get("method", "get").upper()))
        if not self.forms:
            return
        form = self.forms[-1]
        kind = has.get("type", "text")
        if tag == "button" or (tag == "input" and kind == "submit"):
            form.buttons.append([has.get("name", ""), has.get("value", ""), has.get("value", "")])
            self._in_button = tag == "button"
        elif tag == "input" and "name" in has and (kind not in ("checkbox", "radio") or "checked" in has):
            form.fields.append((has["name"], has.get("value", "on" if kind == "checkbox" else "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "button":
            self._in_button = False

    def handle_data(self, data: str) -> None:
        if self._in_button:
            self.forms[-1].buttons[-1][2] += f" {data}"


class StopAtRedirect(urllib.request.HTTPRedirectHandler):
    """The redirect leads to the app, which is us: it is read, not followed."""

    def redirect_request(self, *_: object) -> None:
        return None


def consent(url: str) -> dict[str, str]:
    """Agrees on the page at `url`; the parameters that the app's redirect address receives."""
    return press(url, AGREEING_WORDS)


def refuse(url: str) -> dict[str, str]:
    """Refuses on the page at `url`; the parameters that the app's redirect address receives."""
    return press(url, REFUSING_WORDS)


def press(url: str, words: tuple[str, ...]) -> dict[str, str]:
    """Sends the form of the page at `url` with the first button that says one of `words`."""
    form, (name, value, _) = find_button(open_page(url), words)
    sent = form.fields + ([(name, value)] if name else [])
    target = urllib.parse.urljoin(url, form.action)
    data = urllib.parse.urlencode(sent)
    if form.method == "POST":
        request = urllib.request.Request(target, data=data.encode())
    else:
        request = urllib.request.Request(f"{target}?{data}")
    location = redirect_of(request)
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(location).query, keep_blank_values=True))


def open_page(url: str) -> Page:
    """The page at `url`."""
    try:
        with urllib.request.urlopen(url, timeout=PAGE_SECONDS_MAX) as response:
            return Page(response.read().decode())
    except urllib.error.HTTPError as error:
        raise AssertionError(f"the consent page answered {error.code}: {error.read(500)!r}") from error


def find_button(page: Page, words: tuple[str, ...]) -> tuple[Form, list[str]]:
    """The first button that says one of `words`, and its form."""
    for form in page.forms:
        for button in form.buttons:
            if any(word in " ".join(button).lower() for word in words):
                return form, button
    raise AssertionError(f"no button says any of {words}: {[form.buttons for form in page.forms]}")


def redirect_of(request: urllib.request.Request) -> str:
    """Where the answer to `request` sends the browser."""
    opener = urllib.request.build_opener(StopAtRedirect)
    headers: Message
    try:
        with opener.open(request, timeout=PAGE_SECONDS_MAX) as response:
            raise AssertionError(f"expected a redirect, got {response.status}: {response.read(500)!r}")
    except urllib.error.HTTPError as error:
        if not 300 <= error.code < 400:
            raise AssertionError(f"expected a redirect, got {error.code}: {error.read(500)!r}") from error
        headers = error.headers
    return headers["location"]
