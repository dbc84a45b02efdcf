"""The guide's page as one HTML file, from a session."""

from __future__ import annotations

from fastrel.engine.session import Session
from fastrel.errors import UsageError
from fastrel.text.install_hint import install_words


def require_page() -> None:
    """UsageError when the packages that render a page are not installed."""
    from fastrel_mkdocs.static_page import NEEDS, is_possible

    if not is_possible():
        raise UsageError(
            f"The page needs a package that is not installed ({NEEDS}).",
            done="No file was written.",
            next_step=install_words("mkdocs"),
        )


def page_text(
    session: Session, version: str, *, snapshot: str = "", refresh: bool = True, language: str = "en"
) -> tuple[str, str]:
    """The file, and the version that it shows. UsageError for a version that no release has or may have, and for a
    language that there are no words for."""
    from fastrel_mkdocs.sources import sources_of
    from fastrel_mkdocs.static_page import static_page
    from fastrel_mkdocs.view import view_of
    from fastrel_mkdocs.words import TABLES

    if language not in TABLES:
        raise UsageError(
            f"The page has no words in “{language}”.",
            done="No file was written.",
            next_step=f"Give --language one of {', '.join(TABLES)}.",
        )
    view = view_of(session.snapshot(version), "live")
    sources: dict[str, str] = {}
    if refresh:
        api = session.repository.client.api_url
        sources = {"snapshot": snapshot} if snapshot else sources_of(view, session.guide.settings.label, api)
    url, guide = session.repository.facts().url, session.settled_guide()
    return static_page(guide, view, sources, language=language, repository_url=url), view.version
