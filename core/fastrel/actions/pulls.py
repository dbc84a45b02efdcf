"""Labels of the pull requests that were merged since the previous release, as the release notes need them.

Source: https://docs.github.com/en/repositories/releasing-projects-on-github/automatically-generated-release-notes
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from fastrel.actions.action import YES, Action, Context, Effect, Plan
from fastrel.actions.calls import request
from fastrel.actions.questions.prompts import Option, Prompter, Question
from fastrel.actions.release_range import is_of_the_tool, released_commits
from fastrel.errors import FastrelError, GuideError, NotAuthenticated
from fastrel.github.model import Commit, MergedPull
from fastrel.github.transport.failures import SIGN_IN
from fastrel.github.transport.fields import Fields
from fastrel.guide.model import Settings
from fastrel.report.verdict import Link, Verdict, done, todo
from fastrel.text.bounded_yaml import BadYaml, read_yaml

CONFIGURATIONS = (".github/release.yml", ".github/release.yaml")
SHOWN = 5


@dataclass(frozen=True, slots=True)
class NotesCategory:
    """A heading of the notes: the labels that lead to it (`*`: any or none), and what is kept out of it."""

    labels: tuple[str, ...]
    excluded_labels: tuple[str, ...] = ()
    excluded_authors: tuple[str, ...] = ()

    def takes(self, pull: MergedPull) -> bool:
        if _meets(self.excluded_labels, pull.labels) or _is_one_of(pull.author, self.excluded_authors):
            return False
        return "*" in self.labels or _meets(self.labels, pull.labels)


@dataclass(frozen=True, slots=True)
class NotesConfiguration:
    """What `.github/release.yml` says of pull requests."""

    path: str
    categories: tuple[NotesCategory, ...] = ()
    excluded_labels: tuple[str, ...] = ()
    excluded_authors: tuple[str, ...] = ()

    def places(self, pull: MergedPull) -> bool:
        """Whether the notes have a place for the pull request, or leave it out on purpose. Without categories they are
        one list, which has a place for all."""
        if _meets(self.excluded_labels, pull.labels) or _is_one_of(pull.author, self.excluded_authors):
            return True
        return not self.categories or any(category.takes(pull) for category in self.categories)

    @property
    def choices(self) -> tuple[str, ...]:
        """The labels that would settle the place of a pull request."""
        known = [label for category in self.categories for label in category.labels if label != "*"]
        return tuple(dict.fromkeys([*known, *self.excluded_labels]))


class PullLabels(Action):
    name = "pulls.labels"
    summary = (
        "Done when every pull request merged since the previous tag has a label that `.github/release.yml` "
        "knows, or is excluded by it. What is merged after the version commit is of the next release. Asks for a label "
        "for each of the others and sets it."
    )

    def check(self, context: Context) -> Verdict:
        configuration = notes_configuration(context)
        if configuration is None:
            return done("there is no .github/release.yml, so no label is needed")
        if not context.repository.client.authenticated:
            raise NotAuthenticated("Which pull requests were merged can be read only with a token.", next_step=SIGN_IN)
        pulls = merged_pulls(context)
        left = [pull for pull in pulls if not configuration.places(pull)]
        links = [Link(f"#{pull.number}", pull.url) for pull in left[:SHOWN]]
        since = f" since {context.release.previous_tag}" if context.release.previous_tag else ""
        if left:
            return todo(f"{len(left)} of {len(pulls)} merged pull requests{since} have no label for the notes", *links)
        alone = commits_without_pulls(context)
        words = f"all {len(pulls)} merged pull requests{since} have a place in the notes"
        if not pulls:
            words = f"no pull request was merged{since}"
        if alone:
            words += f"; {len(alone)} {'commit' if len(alone) == 1 else 'commits'} came without a pull request"
        return done(words)

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        configuration = notes_configuration(context)
        if configuration is None:
            return Plan()
        options = [Option(label, label) for label in configuration.choices]
        effects: list[Effect] = []
        for pull in merged_pulls(context):
            if configuration.places(pull):
                continue
            question = Question("pull-label", "which label?", f"#{pull.number} {pull.title}")
            effects.append(_add_label(context, pull, prompter.choose(question, options)))
        return Plan(tuple(effects))

    def answers(self, context: Context) -> tuple[str, ...]:
        configuration = notes_configuration(context)
        return (configuration.choices if configuration else ()) or (YES,)


def merged_pulls(context: Context) -> list[MergedPull]:
    """The pull requests that the release brings since the previous one, by merge, squash or rebase, by number."""
    return pulls_of(released_commits(context), context.release.branch, context.settings)


def pulls_of(commits: Sequence[Commit], branch: str, settings: Settings) -> list[MergedPull]:
    """The pull requests of commits, by number. Those of the tool itself do not count, nor those into other branches,
    to which a commit may belong as well."""
    branches = {settings.branch, branch, ""}
    found = {pull.number: pull for commit in commits for pull in commit.pulls if pull.base in branches}
    return [found[number] for number in sorted(found) if not is_of_the_tool(found[number].title, settings)]


def commits_without_pulls(context: Context) -> list[Commit]:
    """The commits since the previous release that no pull request brought, without the tool's own."""
    return [
        one for one in released_commits(context) if not one.pulls and not is_of_the_tool(one.headline, context.settings)
    ]


@lru_cache(maxsize=8)
def read_configuration(text: str, path: str) -> NotesConfiguration:
    """The notes configuration from its YAML. GuideError when it is none."""
    try:
        changelog = Fields.of(read_yaml(text)[0] or {}).sub("changelog")
        categories = tuple(
            NotesCategory(
                _texts(one, "labels"), _texts(one.sub("exclude"), "labels"), _texts(one.sub("exclude"), "authors")
            )
            for one in changelog.items("categories")
        )
        exclude = changelog.sub("exclude")
        return NotesConfiguration(path, categories, _texts(exclude, "labels"), _texts(exclude, "authors"))
    except BadYaml as error:
        said = f"line {error.line + 1}: {error.problem}"
        raise GuideError(f"{path} is not a release-notes configuration: {said}") from None
    except FastrelError as error:
        raise GuideError(f"{path} is not a release-notes configuration: {error.problem}") from None


def notes_configuration(context: Context) -> NotesConfiguration | None:
    """The configuration at the release's tag, on the branch before there is one; None when there is none."""
    code, tag = context.repository.code, context.release.tag
    place = tag if tag in code.tags() else context.head
    for path in CONFIGURATIONS:
        text = code.file(path, place)
        if text is not None:
            return read_configuration(text, path)
    return None


def _add_label(context: Context, pull: MergedPull, label: str) -> Effect:
    return Effect(
        f"label #{pull.number} with {label}",
        lambda: context.repository.issues.add_label(pull.number, label),
        calls=(request(context, "POST", f"issues/{pull.number}/labels"),),
        public=False,
    )


def _texts(fields: Fields, name: str) -> tuple[str, ...]:
    value = fields.data.get(name)
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


def _meets(some: Iterable[str], others: Iterable[str]) -> bool:
    """Whether they have a label in common; GitHub has no two labels that differ by case alone."""
    return bool({one.casefold() for one in some} & {one.casefold() for one in others})


def _is_one_of(author: str, names: Iterable[str]) -> bool:
    """Whether the author is named; a bot is `name` for GraphQL and `name[bot]` for REST."""
    return _meets([author.removesuffix("[bot]")], [name.removesuffix("[bot]") for name in names])
