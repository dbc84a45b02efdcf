"""The version in YAML: the scalar's own span, so that layout, comments and quotes stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastrel.text.bounded_yaml import BadYaml, read_yaml
from fastrel.version_files.statement import NotStated, Place, Statement, place_in

if TYPE_CHECKING:
    from yaml import Node


def statement(path: str, text: str, key: str = "") -> Statement:
    """Where a YAML file states the version. NotStated when it does not."""
    root = _root(path, text)
    return Statement((_place(path, text, root, tuple((key or "version").split("."))),))


def chart_statement(path: str, text: str) -> Statement:
    """Where a Helm chart states the version: `version`, and `appVersion` as long as it says the same.

    Source: https://helm.sh/docs/topics/charts/#the-chartyaml-file
    """
    root = _root(path, text)
    own = _place(path, text, root, ("version",))
    try:
        application = _place(path, text, root, ("appVersion",))
    except NotStated:
        return Statement((own,))
    places = [own, application] if application.value == own.value else [own]
    return Statement(tuple(sorted(places, key=lambda place: place.start)))


def _root(path: str, text: str) -> Node | None:
    try:
        return read_yaml(text)[1]
    except BadYaml as error:
        raise NotStated(path, f"is not valid YAML: line {error.line + 1}, {error.problem}") from None


def _place(path: str, text: str, node: Node | None, keys: tuple[str, ...]) -> Place:
    import yaml

    for key in keys:
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        values = [value for name, value in pairs if isinstance(name, yaml.ScalarNode) and name.value == key]
        if not values:
            raise NotStated(path, f"has no `{'.'.join(keys)}`")
        if len(values) > 1:
            raise NotStated(path, f"has `{key}` {len(values)} times")
        node = values[0]
    if not isinstance(node, yaml.ScalarNode):
        raise NotStated(path, f"has a `{'.'.join(keys)}` that is not text")
    # PyYAML counts without the byte-order mark.
    shift = 1 if text.startswith("\ufeff") else 0
    return place_in(path, text, node.start_mark.index + shift, node.end_mark.index + shift)
