"""The command to install packages that are missing or too old."""

from __future__ import annotations

DISTRIBUTION = "fastrel-checklist"


def install_words(extra: str = "", *, upgrade: bool = False) -> str:
    """The command, for an installation from a package index and for one from a clone."""
    pip = "pip install --upgrade" if upgrade else "pip install"
    if not extra:
        return f"Type `{pip} {DISTRIBUTION}`; if it was installed from a clone, `{pip} .` there."
    return f"Type `{pip} '{DISTRIBUTION}[{extra}]'`; if it was installed from a clone, `{pip} '.[{extra}]'` there."
