"""Issues, their comments and labels; milestones."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from fastrel_twin.call import Answer, Call, Refused, Routes, invalid, not_found
from fastrel_twin.records import Comment, Issue, Milestone
from fastrel_twin.rest import issue_shapes

REPO = "/repos/{owner}/{name}"
ISSUE = REPO + "/issues/{number}"
COMMENT = REPO + "/issues/comments/{comment}"


def list_issues(call: Call) -> Answer:
    """Pull requests, too. Filtered by state, labels, milestone, creator and assignee. Paged by cursors: no answer names
    the last page."""
    _check_filters(call)
    found = [one for one in call.store.issues.values() if _matches(call, one)]
    by_update = call.query.get("sort") == "updated"

    def place(one: Issue) -> tuple[str, int]:
        return str((one.updated_at or one.created_at) if by_update else one.created_at), one.number

    found.sort(key=place, reverse=call.query.get("direction", "desc") != "asc")
    return call.page_by_cursor(found, lambda one: issue_shapes.issue(call, one), place)


def create_issue(call: Call) -> Answer:
    """Who may not triage gets an issue without labels, assignees and milestone, without an error. Labels that are
    missing are made. A login that cannot be assigned: 422."""
    user = call.require("read")
    _require_issues(call)
    if not call.text("title"):
        raise invalid("Issue", "title", "missing_field")
    _check_lengths(call)
    if user.may("triage"):
        _check_assignees(call)
    issue = call.store.add_issue(call.text("title"), user.login, body=call.text("body"))
    if user.may("triage"):  # GitHub ignores these silently for everybody else
        _apply_fields(call, issue)
    return Answer(issue_shapes.issue(call, issue), 201)


def get_issue(call: Call) -> Answer:
    """Issues and pull requests. One that was deleted, or any where issues are switched off: 410; one that was
    transferred: 301."""
    return Answer(issue_shapes.issue(call, _issue(call)))


def change_issue(call: Call) -> Answer:
    """The author, or who may triage. The last write wins: there is no compare-and-swap. A body of more than 65,536
    characters, a title of more than 256, an unknown state: 422."""
    issue = _issue(call)
    user = call.require("read")
    if user.login != issue.author:
        call.require("triage")
    _check_lengths(call)
    if call.body.get("state", "open") not in ("open", "closed"):
        raise invalid("Issue", "state", "invalid")
    _check_assignees(call)
    issue.title = call.text("title", issue.title)
    now = call.store.now()
    if "body" in call.body:
        call.store.edit_body(issue, call.text("body"), user.login, now)
    _apply_fields(call, issue)
    _apply_state(call, issue)
    issue.updated_at = now
    return Answer(issue_shapes.issue(call, issue))


def list_comments(call: Call) -> Answer:
    """Oldest first, in pages."""
    issue, since = _issue(call, sub=True), _time(call.query.get("since", ""))
    found = [one for one in issue.comments if since is None or (one.updated_at or one.created_at) >= since]
    return call.page(found, lambda one: issue_shapes.comment(call, issue.number, one))


def create_comment(call: Call) -> Answer:
    """Everybody who is signed in. An empty body: 422."""
    user, issue = call.require("read"), _issue(call)
    # Who has write access may comment all the same: https://docs.github.com/en/communities/moderating-comments-and-conversations/locking-conversations
    if issue.locked and not user.may("write"):
        raise Refused(403, "Unable to create comment because issue is locked.")
    _check_comment(call)
    comment = Comment(call.store.new_id(), user.login, call.text("body"), call.store.now())
    issue.comments.append(comment)
    return Answer(issue_shapes.comment(call, issue.number, comment), 201)


def get_comment(call: Call) -> Answer:
    """One comment."""
    issue, comment = _comment(call)
    return Answer(issue_shapes.comment(call, issue.number, comment))


def change_comment(call: Call) -> Answer:
    """By its author, or who may write."""
    issue, comment = _own_comment(call)
    _check_comment(call)
    comment.body, comment.updated_at = call.text("body"), call.store.now()
    return Answer(issue_shapes.comment(call, issue.number, comment))


def delete_comment(call: Call) -> Answer:
    """By its author, or who may write."""
    issue, comment = _own_comment(call)
    issue.comments.remove(comment)
    return Answer(None, 204)


def add_labels(call: Call) -> Answer:
    """Besides those that the issue has. Needs triage."""
    call.require("triage")
    issue = _issue(call)
    names = _texts(call.body.get("labels"))
    issue.labels += [name for name in names if name not in issue.labels]
    return Answer(issue_shapes.labels_of(call, issue.labels))


def replace_labels(call: Call) -> Answer:
    """In place of those that the issue has. Needs triage."""
    call.require("triage")
    issue = _issue(call)
    issue.labels = _texts(call.body.get("labels"))
    return Answer(issue_shapes.labels_of(call, issue.labels))


def list_milestones(call: Call) -> Answer:
    """With the numbers of open and closed issues, which count pull requests, too."""
    state = call.query.get("state", "open")
    found = [one for one in call.store.milestones.values() if state in ("all", one.state)]
    return call.page(found, lambda one: issue_shapes.milestone(call, one))


def create_milestone(call: Call) -> Answer:
    """Needs triage. A title that exists: 422 `already_exists`."""
    user = call.require("triage")
    title = call.text("title")
    if not title:
        raise invalid("Milestone", "title", "missing_field")
    if any(one.title == title for one in call.store.milestones.values()):
        raise invalid("Milestone", "title", "already_exists")
    milestone = call.store.add_milestone(title, user.login, _due(call))
    return Answer(issue_shapes.milestone(call, milestone), 201)


def get_milestone(call: Call) -> Answer:
    """By its number."""
    return Answer(issue_shapes.milestone(call, _milestone(call)))


def change_milestone(call: Call) -> Answer:
    """Title, due date and state. Needs triage."""
    call.require("triage")
    milestone = _milestone(call)
    if "title" in call.body:
        milestone.title = call.text("title")
    if "due_on" in call.body:
        milestone.due_on = _due(call)
    if "state" in call.body:
        if call.text("state") not in ("open", "closed"):
            raise invalid("Milestone", "state", "invalid")
        milestone.state = call.text("state")
        milestone.closed_at = call.store.now() if milestone.state == "closed" else None
    return Answer(issue_shapes.milestone(call, milestone))


def _matches(call: Call, issue: Issue) -> bool:
    query = call.query
    state = query.get("state", "open")
    milestone = query.get("milestone", "")
    labels = [one.strip().lower() for one in query.get("labels", "").split(",") if one.strip()]
    return (
        state in ("all", issue.state)
        and set(labels) <= {one.lower() for one in issue.labels}
        and (
            not milestone
            or milestone == {0: "none"}.get(issue.milestone, str(issue.milestone))
            or (milestone == "*" and issue.milestone > 0)
        )
        and query.get("creator", issue.author) == issue.author
        and _is_assigned(issue, query.get("assignee", ""))
        and _is_since(issue, query.get("since", ""))
    )


def _is_since(issue: Issue, moment: str) -> bool:
    since = _time(moment)
    return since is None or (issue.updated_at or issue.created_at) >= since


def _is_assigned(issue: Issue, wanted: str) -> bool:
    """`*` stands for anybody and `none` for nobody."""
    if wanted in ("", "*", "none"):
        return not wanted or (wanted == "*") == bool(issue.assignees)
    return wanted in issue.assignees


def _check_filters(call: Call) -> None:
    """Source: https://docs.github.com/en/rest/issues/issues#list-repository-issues"""
    milestone = call.query.get("milestone", "")
    known = milestone in ("", "*", "none") or (milestone.isdecimal() and int(milestone) in call.store.milestones)
    if not known:
        raise Refused(
            422,
            "Validation Failed",
            [{"value": milestone, "resource": "Issue", "field": "milestone", "code": "invalid"}],
        )


def _check_lengths(call: Call) -> None:
    if len(call.text("body")) > 65_536:
        raise invalid("Issue", "body", "too_long", "body is too long (maximum is 65536 characters)")
    if len(call.text("title")) > 256:
        raise invalid("Issue", "title", "too_long", "title is too long (maximum is 256 characters)")


def _require_issues(call: Call) -> None:
    """Source: https://docs.github.com/en/rest/issues/issues#create-an-issue"""
    if not call.store.has_issues:
        raise Refused(410, "Issues has been disabled in this repository.")


def _issue(call: Call, *, sub: bool = False) -> Issue:
    """The issue of a path; `sub` for what is below one.

    Source: https://docs.github.com/en/rest/issues/issues#get-an-issue and, for what is below one that was transferred,
    https://github.com/Systemorph/MeshWeaver/issues/4629
    """
    number = call.number("number")
    found = call.store.issues.get(number)
    if found is None and number in call.store.deleted:
        raise Refused(410, "This issue was deleted")
    if found is None and number in call.store.transferred and not sub:
        place = f"{call.api}/repositories/{call.store.transferred[number]}"
        raise Refused(301, "Moved Permanently", headers={"Location": place})
    if found is None:
        raise not_found()
    if not found.pull:
        _require_issues(call)
    return found


def _comment(call: Call) -> tuple[Issue, Comment]:
    for issue in call.store.issues.values():
        for comment in issue.comments:
            if comment.id == call.number("comment"):
                return issue, comment
    raise not_found()


def _own_comment(call: Call) -> tuple[Issue, Comment]:
    """A comment that the user may change: their own, or with write access anybody's."""
    user, (issue, comment) = call.require("read"), _comment(call)
    if user.login != comment.author:
        call.require("write")
    return issue, comment


def _check_comment(call: Call) -> None:
    if not call.text("body"):
        raise invalid("IssueComment", "body", "missing_field")
    if len(call.text("body")) > 65_536:
        raise invalid("IssueComment", "body", "too_long", "body is too long (maximum is 65536 characters)")


def _milestone(call: Call) -> Milestone:
    found = call.store.milestones.get(call.number("number"))
    if found is None:
        raise not_found()
    return found


def _apply_fields(call: Call, issue: Issue) -> None:
    if "labels" in call.body:
        issue.labels = _texts(call.body["labels"])
        for name in issue.labels:
            if name.lower() not in call.store.labels:
                call.store.add_label(name)
    if "assignees" in call.body:
        issue.assignees = _texts(call.body["assignees"])
    if "milestone" in call.body:
        number = call.body["milestone"]
        if number is None:
            issue.milestone = 0
        elif isinstance(number, int) and number in call.store.milestones:
            issue.milestone = number
        else:
            raise invalid("Issue", "milestone", "invalid")


def _check_assignees(call: Call) -> None:
    """Source: https://github.com/upptime/upptime/issues/125 and https://github.com/trstringer/manual-approval/issues/71"""
    for login in _texts(call.body.get("assignees")):
        if not call.store.can_be_assigned(login):
            raise invalid("Issue", "assignees", "invalid", value=login)


def _apply_state(call: Call, issue: Issue) -> None:
    state = call.text("state", issue.state)
    if state == issue.state:
        return
    if state == "closed":
        call.store.close(issue, call.text("state_reason") or "completed", call.user.login if call.user else "")
    else:
        issue.state, issue.state_reason, issue.closed_at = "open", "reopened", None


def _time(text: str) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def _due(call: Call) -> datetime | None:
    """The beginning of the day in California in which a milestone is due; 422 for what is no moment.

    Source: https://github.com/microsoft/PowerShellForGitHub/pull/133 and
    https://github.com/wordpress-mobile/release-toolkit/pull/419
    """
    value = call.body.get("due_on")
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise Refused(422, f'Invalid request.\n\n"{value}" is not a valid date-time.') from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    day = moment.astimezone(ZoneInfo("America/Los_Angeles")).replace(hour=0, minute=0, second=0, microsecond=0)
    return day.astimezone(UTC)


def _texts(value: object) -> list[str]:
    found = value if isinstance(value, list) else []
    return [str(one.get("name", "")) if isinstance(one, dict) else str(one) for one in found]


ROUTES: Routes = [
    ("GET", REPO + "/issues", list_issues),
    ("POST", REPO + "/issues", create_issue),
    ("GET", COMMENT, get_comment),
    ("PATCH", COMMENT, change_comment),
    ("DELETE", COMMENT, delete_comment),
    ("GET", ISSUE, get_issue),
    ("PATCH", ISSUE, change_issue),
    ("GET", ISSUE + "/comments", list_comments),
    ("POST", ISSUE + "/comments", create_comment),
    ("POST", ISSUE + "/labels", add_labels),
    ("PUT", ISSUE + "/labels", replace_labels),
    ("GET", REPO + "/milestones", list_milestones),
    ("POST", REPO + "/milestones", create_milestone),
    ("GET", REPO + "/milestones/{number}", get_milestone),
    ("PATCH", REPO + "/milestones/{number}", change_milestone),
]
