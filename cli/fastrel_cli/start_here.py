"""The command to type next, printed when no command was given."""

from __future__ import annotations

from pathlib import Path

from fastrel.errors import GuideError, NoGuide
from fastrel.guide.locate import find_guide


def start_here() -> str:
    """What to type in the current folder: it depends on whether it is a git checkout and has a guide."""
    here = Path.cwd()
    root = next((one for one in (here, *here.parents) if (one / ".git").exists()), None)
    if root is None:
        return (
            "This folder is not in a git repository. To watch a release, type:\n  fastrel-checklist rehearse --sample"
        )
    try:
        guide = find_guide(root)
    except NoGuide:
        return "This project has no release guide yet. To make one, type:\n  fastrel-checklist init"
    except GuideError:
        words = "This project has several guides. To see where a release stands, name one:"
        return f"{words}\n  fastrel-checklist status --guide PATH"
    words = f"The guide is {guide.relative_to(root).as_posix()}. To see where the release stands, type:"
    return f"{words}\n  fastrel-checklist status"
