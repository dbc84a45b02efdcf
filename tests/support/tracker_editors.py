"""People who edit a tracker's body in the browser, at random, so that whatever they did can be looked for later."""

from __future__ import annotations

import random
import re

from fastrel.tracker.layout import layout, split_lines


class Person:
    """Edits a body at random; every word that they type is theirs alone."""

    def __init__(self, name: str, seed: int) -> None:
        self.name = name
        self.random = random.Random(f"{name} {seed}")
        self.typed: list[str] = []
        self.flipped: dict[str, bool] = {}
        self.deleted: set[str] = set()

    def edits(self, text: str, times: int) -> str:
        for _ in range(times):
            edit = self.random.choice(
                [self.tick, self.tick, self.types, self.writes, self.amends, self.moves, self.deletes]
            )
            text = edit(text)
        return text

    def tick(self, text: str) -> str:
        """A click on a box of GitHub's page."""
        rows = list(layout(text).first_rows().values())
        if not rows:
            return text
        row = self.random.choice(rows)
        lines = list(split_lines(text))
        tick = " " if row.ticked else "x"
        lines[row.number] = row.before + tick + row.middle + row.rest + row.ending
        self.flipped[row.step_id] = not row.ticked
        return "".join(lines)

    def word(self) -> str:
        self.typed.append(f"{self.name}{len(self.typed)}word")
        return self.typed[-1]

    def types(self, text: str) -> str:
        """A word in a line, not inside of a marker or of our evidence, nor before a box."""
        lines = list(split_lines(text))
        places = [number for number, line in enumerate(lines) if "<!-- fastrel" not in line]
        if not places:
            return self.writes(text)
        number = self.random.choice(places)
        line = lines[number].rstrip("\n")
        marker = re.search(r"<!-- step [^>]*-->(.*<!-- /step [^>]*-->)?", line)
        start = 6 if line.startswith("- [") else 0
        inside = [at for at in range(start, len(line) + 1) if not (marker and marker.start() < at < marker.end())]
        at = self.random.choice([at for at in inside if not splits(line, at)] or [len(line)])
        lines[number] = f"{line[:at]} {self.word()} {line[at:]}".rstrip() + "\n"
        return "".join(lines)

    def writes(self, text: str) -> str:
        """A line of their own."""
        lines = list(split_lines(text))
        number = self.random.randint(1, len(lines)) if lines else 0
        words = f"{self.random.choice(['', '- ', '- [ ] ', '> ', '### '])}{self.word()} {self.word()}"
        if number and not lines[number - 1].endswith("\n"):
            lines[number - 1] += "\n"
        lines.insert(number, f"{words}\n")
        return "".join(lines)

    def amends(self, text: str) -> str:
        """A word in the middle of our evidence."""
        lines = list(split_lines(text))
        rows = [row for row in layout(text).rows if "<!-- /step " in row.rest]
        if not rows:
            return text
        row = self.random.choice(rows)
        places = range(row.rest.index("<!-- /step ") + 1)
        at = self.random.choice([at for at in places if not splits(row.rest, at)])
        rest = f"{row.rest[:at]} {self.word()} {row.rest[at:]}"
        lines[row.number] = row.before + row.tick + row.middle + rest + row.ending
        return "".join(lines)

    def moves(self, text: str) -> str:
        lines = list(split_lines(text))
        steps = [row.number for row in layout(text).rows]
        if len(steps) < 2:
            return text
        one, other = self.random.sample(steps, 2)
        lines.insert(other, lines.pop(one))
        return "".join(lines)

    def deletes(self, text: str) -> str:
        """A step's line that nobody has written on."""
        lines = list(split_lines(text))
        rows = [row for row in layout(text).rows if "word" not in lines[row.number]]
        if not rows or self.random.random() < 0.7:
            return text
        row = self.random.choice(rows)
        lines[row.number] = ""
        self.deleted.add(row.step_id)
        return "".join(lines)


def splits(line: str, at: int) -> bool:
    """Whether something typed there would split a word that a person has typed."""
    return any(found.start() < at < found.end() for found in re.finditer(r"\w+word", line))
