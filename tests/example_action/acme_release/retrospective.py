"""An issue in which the team looks back at a release."""

from fastrel.extend import Action, Context, Effect, Link, Plan, Prompter, Verdict, blocked, done, todo


class Retrospective(Action):
    name = "acme.retrospective"
    summary = "Done when there is an issue for the release's retrospective. Opens it."
    parameters = {"label": "label of such issues, instead of `retrospective`"}

    def check(self, context: Context) -> Verdict:
        """Reads only. What it finds decides whether the step is done."""
        if context.release.tag not in context.repository.code.tags():
            return blocked(f"{context.release.tag} is not on the remote yet")
        for issue in context.repository.issues.labelled(_label(context), "all"):
            if _marker(context) in issue.body:
                return done(f"the retrospective is #{issue.number}", Link(f"#{issue.number}", issue.url))
        return todo("there is no retrospective yet")

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        """What a run would do now; nothing is changed until an effect is applied."""
        title = f"Retrospective of {context.release.version}"

        def open_issue() -> None:
            # Another run may have been here before, so an effect looks before it creates.
            if self.check(context).status.settled:
                return
            body = f"What went well, what did not, what do we change?\n\n{_marker(context)}"
            context.repository.issues.create(title, body, labels=[_label(context)], assignees=[])

        return Plan((Effect(f"open the issue “{title}”", open_issue),))


def _label(context: Context) -> str:
    return context.parameter("label", "retrospective")


def _marker(context: Context) -> str:
    """The natural key by which the issue is found again."""
    return f"<!-- acme retrospective {context.release.version} -->"
