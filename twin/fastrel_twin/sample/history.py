"""The data of the sample project: people, pull requests, issues. Repository and store are built from it."""

from __future__ import annotations

from dataclasses import dataclass

OWNER, PROJECT = "ServiceNow", "Fast-LLM"
PEOPLE = {
    "mia": "maintain",
    "carl": "write",
    "ada": "admin",
    "tom": "triage",
    "rae": "read",
}
BOT = "dependabot[bot]"
LABELS = {
    "bug": "d73a4a",
    "enhancement": "a2eeef",
    "breaking": "b60205",
    "documentation": "0075ca",
    "dependencies": "0366d6",
    "ignore-for-release": "eeeeee",
}


@dataclass(frozen=True, slots=True)
class PullStory:
    """A merged pull request. `how` is `squash` or `merge`."""

    number: int
    title: str
    author: str
    labels: tuple[str, ...]
    how: str
    file: str


BEFORE_LAST_RELEASE = (
    PullStory(7, "Add a GPT model", "carl", ("enhancement",), "squash", "fast_llm/models/gpt.py"),
    PullStory(8, "Add the trainer", "mia", ("enhancement",), "merge", "fast_llm/engine/trainer.py"),
    PullStory(9, "Describe the installation", "rae", ("documentation",), "squash", "docs/install.md"),
    PullStory(10, "Add rotary embeddings", "carl", ("enhancement",), "squash", "fast_llm/layers/rotary.py"),
    PullStory(11, "Fix gradient scaling", "tom", ("bug",), "merge", "fast_llm/engine/optimizer.py"),
)
SINCE_LAST_RELEASE = (
    PullStory(21, "Add mixture-of-experts layers", "carl", ("enhancement",), "squash", "fast_llm/layers/moe.py"),
    PullStory(22, "Rename the batch configuration", "mia", ("breaking",), "merge", "fast_llm/config.py"),
    PullStory(23, "Fix checkpoint export on one rank", "tom", ("bug",), "squash", "fast_llm/engine/export.py"),
    PullStory(24, "Prepare data in parallel", "carl", (), "squash", "fast_llm/data/prepare.py"),
    PullStory(25, "Bump triton from 3.0.0 to 3.1.0", BOT, ("dependencies",), "squash", "requirements.txt"),
    PullStory(26, "Explain the data format", "rae", ("documentation",), "merge", "docs/data.md"),
    PullStory(27, "Log the memory use", "tom", (), "merge", "fast_llm/logging.py"),
    PullStory(28, "Tidy the test fixtures", "carl", ("ignore-for-release",), "squash", "tests/conftest.py"),
)


@dataclass(frozen=True, slots=True)
class IssueStory:
    number: int
    title: str
    author: str
    labels: tuple[str, ...] = ()
    milestone: str = ""
    closed: bool = False


ISSUES = (
    IssueStory(1, "A model to start with", "mia", ("enhancement",), "0.1.0", closed=True),
    IssueStory(2, "Training loop", "mia", ("enhancement",), "0.1.0", closed=True),
    IssueStory(3, "How do I install this?", "rae", ("documentation",), "0.1.0", closed=True),
    IssueStory(4, "Position embeddings for long contexts", "carl", ("enhancement",), "0.1.0", closed=True),
    IssueStory(5, "Loss becomes NaN with fp16", "tom", ("bug",), "0.1.0", closed=True),
    IssueStory(6, "Docker image", "mia", (), "0.1.0", closed=True),
    IssueStory(12, "Mixture of experts", "carl", ("enhancement",), "0.2.0", closed=True),
    IssueStory(13, "Names in the batch configuration are confusing", "rae", ("breaking",), "0.2.0", closed=True),
    IssueStory(14, "Export hangs on rank 0", "tom", ("bug",), "0.2.0", closed=True),
    IssueStory(15, "Data preparation takes hours", "carl", ("enhancement",), "0.2.0", closed=True),
    IssueStory(16, "Document the data format", "rae", ("documentation",), "0.2.0", closed=True),
    IssueStory(29, "Support sequence-parallel loss", "carl", ("enhancement",), "0.2.0"),
    IssueStory(30, "Example configuration for 7B models", "rae", ("documentation",), "0.2.0"),
    IssueStory(31, "Throughput drops after resuming a run", "tom", ("bug",), "0.2.0"),
    IssueStory(35, "Tokenizer warning is printed on every rank", "rae", ("bug",)),
    IssueStory(36, "Progress bar flickers in narrow terminals", "tom", ("bug",)),
    IssueStory(37, "Consider a plugin system", "ada", ("enhancement",)),
)


@dataclass(frozen=True, slots=True)
class OpenPullStory:
    """An open pull request: a branch with one commit on the newest of the main branch."""

    number: int
    title: str
    author: str
    branch: str
    file: str
    draft: bool = False


OPEN_PULLS = (
    OpenPullStory(
        32, "Sequence-parallel loss", "carl", "sequence-parallel-loss", "fast_llm/layers/loss.py", draft=True
    ),
    OpenPullStory(33, "Add a 7B example", "rae", "example-7b", "examples/7b.md"),
)
