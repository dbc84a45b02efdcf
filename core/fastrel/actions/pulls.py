"""Labels of the pull requests that were merged since the previous release, as the release notes need them.

Source: https://docs.github.com/en/repositories/releasing-projects-on-github/automatically-generated-release-notes
"""

from __future__ import annotations

from dataclasses import dataclass

import yaml

from fastrel.actions.action import Action, Context, Effect, Plan
from fastrel.errors import GuideError, NotAuthenticated
from fastrel.people import Option, People, Question
from fastrel.repository.faults import SIGN_IN
from fastrel.repository.fields import Fields
from fastrel.repository.model import MergedPull
from fastrel.verdict import Link, Verdict, done, todo

CONFIGURATIONS = (".github/release.yml", ".github/release.yaml")
SHOWN = 5


@dataclass(frozen=True, slots=True)
class NotesConfiguration:
    """What `.github/release.yml` says of labels. `everything`: a category takes any label (`*`)."""

    path: str
    labels: tuple[str, ...]
    excluded_labels: frozenset[str]
    excluded_authors: frozenset[str]
    everything: bool

    def places(self, pull: MergedPull) -> bool:
        """Whether the notes have a place for the pull request, or leave it out on purpose."""
        if pull.author in self.excluded_authors or self.excluded_labels & set(pull.labels):
            return True
        return bool(pull.labels) if self.everything else bool(set(self.labels) & set(pull.labels))


class PullLabels(Action):
    name = "pulls.labels"
    summary = (
        "Done when every pull request merged since the previous tag has a label that `.github/release.yml` "
        "knows, or is excluded by it. Asks for a label for each of the others and sets it."
    )

    def check(self, context: Context) -> Verdict:
        configuration = _configuration(context)
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
        return done(f"all {len(pulls)} merged pull requests{since} have a place in the notes")

    def plan(self, context: Context, people: People) -> Plan:
        configuration = _configuration(context)
        if configuration is None:
            return Plan()
        choices = dict.fromkeys([*configuration.labels, *sorted(configuration.excluded_labels)])
        options = [Option(label, label) for label in choices]
        effects: list[Effect] = []
        for pull in merged_pulls(context):
            if configuration.places(pull):
                continue
            question = Question("pull-label", "Which label?", f"#{pull.number} {pull.title}")
            effects.append(_add_label(context, pull, people.choose(question, options)))
        return Plan(tuple(effects))


def merged_pulls(context: Context) -> list[MergedPull]:
    """The pull requests whose commits came to the branch since the previous release, oldest first."""
    commits = context.repository.code.commits_since(context.release.previous_tag, context.release.branch)
    found = {pull.number: pull for commit in commits for pull in commit.pulls}
    return [found[number] for number in sorted(found)]


def read_configuration(text: str, path: str) -> NotesConfiguration:
    """The notes configuration from its YAML. GuideError when it is none."""
    try:
        changelog = Fields.of(yaml.safe_load(text) or {}).sub("changelog")
        exclude = changelog.sub("exclude")
        labels = [label for category in changelog.items("categories") for label in _texts(category, "labels")]
        return NotesConfiguration(
            path,
            tuple(dict.fromkeys(label for label in labels if label != "*")),
            frozenset(_texts(exclude, "labels")),
            frozenset(_texts(exclude, "authors")),
            "*" in labels,
        )
    except Exception as error:
        raise GuideError(f"{path} is not a release-notes configuration: {error}") from None


def _configuration(context: Context) -> NotesConfiguration | None:
    for path in CONFIGURATIONS:
        text = context.repository.code.file(path, context.release.branch)
        if text is not None:
            return read_configuration(text, path)
    return None


def _add_label(context: Context, pull: MergedPull, label: str) -> Effect:
    return Effect(f"label #{pull.number} with {label}", lambda: context.repository.issues.add_label(pull.number, label))


def _texts(fields: Fields, name: str) -> list[str]:
    value = fields.data.get(name)
    return [str(one) for one in value] if isinstance(value, list) else []
