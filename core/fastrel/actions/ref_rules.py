"""What the rules of a branch or tag will refuse, as far as GitHub tells them before a push."""

from __future__ import annotations

from fastrel.actions.action import Context
from fastrel.github.branch_rules import Rule


def commit_problems(context: Context, branch: str, message: str) -> tuple[str, ...]:
    """Why a push of a commit with this message to a branch will be refused, where a person can fix it before."""
    worktree, found = context.checkout, context.repository.code.rules(branch).rules
    who = worktree.identity()
    email = who.partition("<")[2].partition(">")[0]
    problems = []
    for rule in found:
        if rule.kind == "required_signatures" and not worktree.signs_commits():
            problems.append(
                _unless_bypassed(
                    context,
                    rule,
                    f"{branch} takes signed commits only, and git does not sign them here. Type "
                    "`git config commit.gpgSign true`, with a key that GitHub knows.",
                )
            )
        elif rule.kind == "commit_message_pattern" and not rule.allows(message):
            words = f"{branch} does not take the message “{message}”: the rule says that it {_demand(rule)}. An admin"
            problems.append(_unless_bypassed(context, rule, f"{words} changes the rule, or excepts you."))
        elif rule.kind in ("commit_author_email_pattern", "committer_email_pattern") and who and not rule.allows(email):
            words = f"{branch} does not take commits of {email}: the rule says that the email address {_demand(rule)}."
            problems.append(_unless_bypassed(context, rule, f"{words} Type `git config user.email ADDRESS`."))
    return tuple(filter(None, dict.fromkeys(problems)))


def tag_problems(context: Context) -> tuple[str, ...]:
    """Why a push of the release's tag will be refused."""
    tag = context.release.tag
    problems = []
    for rule in context.repository.code.tag_rules(tag):
        if rule.kind == "creation":
            words = f"A ruleset lets only some people make the tag {tag}, and GitHub does not say that you are one."
            problems.append(_unless_bypassed(context, rule, f"{words} {_PAGE.format(_rules_page(context))}"))
        elif rule.kind == "tag_name_pattern" and not rule.allows(tag):
            words = f"A ruleset does not allow the tag {tag}: the rule says that its name {_demand(rule)}."
            problems.append(_unless_bypassed(context, rule, f"{words} Correct `tag:` in the guide."))
    return tuple(filter(None, dict.fromkeys(problems)))


_PAGE = "Somebody who may bypass it pushes the tag, or an admin lets you: {}"


def _rules_page(context: Context) -> str:
    return f"{context.repository.facts().url}/rules?ref=refs%2Ftags%2F{context.release.tag}"


def _unless_bypassed(context: Context, rule: Rule, problem: str) -> str:
    """The problem; nothing where the user may bypass the rule."""
    return "" if rule.ruleset and context.repository.code.may_bypass(rule.ruleset) else problem


def _demand(rule: Rule) -> str:
    verb = {"starts_with": "start with", "ends_with": "end with", "contains": "contain", "regex": "match"}[
        rule.operator
    ]
    return f"{'must not' if rule.negate else 'must'} {verb} “{rule.pattern}”"
