"""Adding to `mkdocs.yml` by inserting lines, so that comments, `!ENV` and `!!python/name:` stay as they are. Pure.

Every edit is proved: read as plain data, the new text is the old one with exactly the addition. Where that cannot be
had, the answer is None and a person adds the lines.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

CONFIGURATIONS = ("mkdocs.yml", "mkdocs.yaml")
PLUGIN = "fastrel"
PLUGIN_LINES = "plugins:\n  - search\n  - fastrel\n"
"""What a person adds by hand. A list of plugins replaces the default one, which is `search`."""


def scalar(text: str, key: str) -> str:
    """A value at the top level, of `!ENV [NAME, default]` the default; empty when it is absent or anything else."""
    value = _loaded(text).get(key)
    if isinstance(value, list) and re.search(rf"(?m)^{key}[ \t]*:[ \t]*!ENV\b", text):
        value = value[-1] if len(value) > 1 else ""
    return value if isinstance(value, str) else ""


def has_plugin(text: str) -> bool:
    """Whether the plugin is listed already."""
    plugins = _loaded(text).get("plugins")
    if isinstance(plugins, dict):
        return PLUGIN in plugins
    names = (
        [next(iter(one), "") if isinstance(one, dict) else one for one in plugins] if isinstance(plugins, list) else []
    )
    return PLUGIN in names


def has_navigation(text: str) -> bool:
    return isinstance(_loaded(text).get("nav"), list)


def in_navigation(text: str, page: str) -> bool:
    """Whether the navigation leads to the page."""
    return page in _strings(_loaded(text).get("nav"))


def with_plugin(text: str) -> str | None:
    """The text with the plugin; None when that cannot be done safely."""
    before = _loaded(text)
    wanted = dict(before)
    plugins = before.get("plugins")
    if "INHERIT" in before and plugins is None:
        return None  # the inherited list would be replaced
    if plugins is None and "plugins" not in before:
        wanted["plugins"] = ["search", PLUGIN]
        return _proved(_appended(text, PLUGIN_LINES), wanted)
    if isinstance(plugins, list):
        wanted["plugins"] = [*plugins, PLUGIN]
        return _proved(_with_entry(text, "plugins", "- fastrel", ", fastrel"), wanted)
    if isinstance(plugins, dict):
        wanted["plugins"] = {**plugins, PLUGIN: {}}
        return _proved(_with_entry(text, "plugins", "fastrel: {}", ", fastrel: {}"), wanted)
    return None


def with_page(text: str, title: str, page: str) -> str | None:
    """The text with the page at the end of the navigation; None when that cannot be done safely."""
    before = _loaded(text)
    nav = before.get("nav")
    if not isinstance(nav, list):
        return None
    entry = f"{title}: {page}"
    return _proved(_with_entry(text, "nav", f"- {entry}", f", {{{entry}}}"), {**before, "nav": [*nav, {title: page}]})


def _loaded(text: str) -> Mapping[str, object]:
    import yaml

    try:
        # The base loader takes any tag and makes text of every scalar: enough to compare, and nothing is executed.
        data = yaml.load(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _proved(text: str | None, wanted: Mapping[str, object]) -> str | None:
    return text if text is not None and _loaded(text) == wanted else None


def _appended(text: str, lines: str) -> str:
    end = _line_end(text)
    body = text if not text or text.endswith(("\n", "\r")) else text + end
    return body + (end if body.strip() else "") + lines.replace("\n", end)


def _with_entry(text: str, key: str, entry: str, inline: str) -> str | None:
    """Insert an entry behind the last one of a block list or mapping at the top level, or before the closing bracket of
    one on a single line."""
    lines = text.splitlines(keepends=True)
    start = next((number for number, line in enumerate(lines) if re.match(rf"{key}[ \t]*:", line)), None)
    if start is None:
        return None
    flow = re.match(rf"({key}[ \t]*:[ \t]*[\[{{].*\S)([ \t]*[\]}}])([ \t]*(?:#.*)?\r?\n?)\Z", lines[start])
    if flow:
        lines[start] = f"{flow[1]}{inline}{flow[2].strip()}{flow[3]}"
        return "".join(lines)
    if not re.match(rf"{key}[ \t]*:[ \t]*(?:#.*)?\r?\n?\Z", lines[start]):
        return None
    indent: int | None = None
    last = start
    for number, line in enumerate(lines[start + 1 :], start=start + 1):
        content = line.strip()
        if not content or content.startswith("#"):
            continue
        columns = len(line) - len(line.lstrip(" "))
        if indent is None:
            indent = columns
        if columns < indent or (indent == 0 and columns == 0 and not content.startswith("- ")):
            break
        last = number
    if indent is None:
        return None
    end = _line_end(text)
    if not lines[last].endswith(("\n", "\r")):
        lines[last] += end
    lines.insert(last + 1, f"{' ' * indent}{entry}{end}")
    return "".join(lines)


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _strings(value: object) -> set[str]:
    if isinstance(value, str):
        return {value}
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {text for child in children for text in _strings(child)}
