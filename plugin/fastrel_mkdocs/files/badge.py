"""The state of a release as a badge: an SVG, and what shields.io's endpoint badge reads. Pure.

Own code: the SVG of `anybadge` has no label for screen readers, that of `pybadges` has ids, which clash on one page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from fastrel_mkdocs.html.headline import headline_of
from fastrel_mkdocs.html.parts import inert
from fastrel_mkdocs.view import GuideView
from fastrel_mkdocs.words import Words

COLOURS: Mapping[str, str] = {
    "finished": "#1a7f37",
    "ended": "#5b636d",
    "todo": "#0a5fc4",
    "manual": "#7a45d6",
    "waiting": "#8a5d00",
    "failed": "#c62430",
    "unknown": "#5b636d",
    "blocked": "#5b636d",
    "skipped": "#5b636d",
    "done": "#1a7f37",
    "late": "#b04500",
    "contradicted": "#b04500",
}
LABEL_COLOUR = "#40464e"
HEIGHT, PADDING, SIZE = 20, 6, 11
NARROW, WIDE = "fijlrtI.,:;|!'()[] ·-/", "mwMW%@"
LONGEST = 60
"""Characters of a message; a version may be long."""


@dataclass(frozen=True, slots=True)
class Badge:
    """Two short texts, and a colour that goes with the second one."""

    label: str
    message: str
    colour: str
    is_error: bool = False


def badge_of(view: GuideView | None, words: Words) -> Badge:
    """The badge of a guide; of one whose state is not known, too, so that a README shows no broken picture."""
    label = words("badge")
    if view is None:
        return Badge(label, words("unknown"), COLOURS["unknown"])
    headline = headline_of(view, words)
    kind = headline.kind
    said = words(f"badge_{kind}" if kind in ("finished", "ended") else kind)
    parts = [view.version, f"{view.settled}/{len(view.steps)}", said]
    if headline.late:
        parts.append(headline.late)
    if kind != "failed" and (headline.contradicted or headline.late):
        kind = "contradicted" if headline.contradicted else "late"
        parts[2:] = [headline.contradicted or headline.late]
    message = " · ".join(parts)
    return Badge(
        label, message if len(message) <= LONGEST else f"{message[: LONGEST - 1]}…", COLOURS[kind], kind == "failed"
    )


def shields_json(badge: Badge) -> dict[str, object]:
    """Source: https://shields.io/badges/endpoint-badge"""
    found: dict[str, object] = {
        "schemaVersion": 1,
        "label": inert(badge.label),
        "message": inert(badge.message),
        "color": badge.colour,
    }
    return {**found, "isError": True} if badge.is_error else found


def badge_svg(badge: Badge) -> str:
    """An SVG of 20 pixels' height, without script, style, font or picture from elsewhere."""
    label, message = inert(badge.label), inert(badge.message)
    left, right = (round(_width(text) + 2 * PADDING) for text in (label, message))
    name = f"{label}: {message}"
    svg = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "width": str(left + right),
            "height": str(HEIGHT),
            "viewBox": f"0 0 {left + right} {HEIGHT}",
            "role": "img",
            "aria-label": name,
        },
    )
    SubElement(svg, "title").text = name
    # No ids and so no clipping: several badges may be put into one page.
    SubElement(svg, "rect", {"width": str(left + right), "height": str(HEIGHT), "rx": "3", "fill": LABEL_COLOUR})
    shape = f"M{left} 0h{right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-{right - 3}z"
    SubElement(svg, "path", {"d": shape, "fill": badge.colour})
    texts = SubElement(
        svg, "g", {"fill": "#fff", "font-family": "Verdana,Geneva,DejaVu Sans,sans-serif", "font-size": str(SIZE)}
    )
    for text, start, width in ((label, 0, left), (message, left, right)):
        place = {"x": str(start + PADDING), "y": "14", "textLength": str(width - 2 * PADDING)}
        SubElement(texts, "text", {**place, "lengthAdjust": "spacingAndGlyphs"}).text = text
    return tostring(svg, encoding="unicode") + "\n"


def _width(text: str) -> float:
    """About how wide a text is in Verdana; `textLength` makes it so in any font."""
    return sum(4.2 if one in NARROW else 10.2 if one in WIDE else 11 if ord(one) > 0x2E7F else 7 for one in text)
