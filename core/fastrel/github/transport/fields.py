"""Typed look-ups in JSON, which say which field is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NoReturn

from fastrel.errors import RemoteError


@dataclass(frozen=True, slots=True)
class Fields:
    """One JSON object. Missing and null fields read as empty values, wrong types raise RemoteError."""

    data: Mapping[str, object]

    @classmethod
    def of(cls, value: object) -> Fields:
        if not isinstance(value, Mapping):
            raise RemoteError(f"The server answered with {type(value).__name__} where an object was expected.")
        return cls(value)

    def text(self, name: str) -> str:
        value = self.data.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else self._wrong(name, value, "text")

    def number(self, name: str) -> int:
        value = self.data.get(name)
        if value is None:
            return 0
        return value if isinstance(value, int) else self._wrong(name, value, "a number")

    def flag(self, name: str) -> bool:
        return self.data.get(name) is True

    def time(self, name: str) -> datetime | None:
        """A moment in UTC, also where the text does not say of which zone it is."""
        text = self.text(name)
        try:
            moment = datetime.fromisoformat(text) if text else None
            if moment and moment.tzinfo is None:
                return moment.replace(tzinfo=UTC)
            return moment.astimezone(UTC) if moment else None
        except (ValueError, OverflowError):
            return self._wrong(name, text, "a time")

    def sub(self, name: str) -> Fields:
        """A nested object; empty when it is missing or null."""
        value = self.data.get(name)
        if value is None:
            return Fields({})
        return Fields(value) if isinstance(value, Mapping) else self._wrong(name, value, "an object")

    def items(self, name: str) -> list[Fields]:
        value = self.data.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            return self._wrong(name, value, "a list")
        return [Fields.of(one) for one in value if one is not None]

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; what is none is left out."""
        value = self.data.get(name)
        return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()

    def _wrong(self, name: str, value: object, expected: str) -> NoReturn:
        raise RemoteError(f"The server's field “{name}” is {type(value).__name__}, not {expected}.")


def objects(value: object) -> list[Fields]:
    """A JSON list of objects."""
    if not isinstance(value, list):
        raise RemoteError(f"The server answered with {type(value).__name__} where a list was expected.")
    return [Fields.of(one) for one in value if one is not None]
