"""What the product uses each endpoint and each GraphQL query for; a test drives the product and compares."""

from __future__ import annotations

ENDPOINTS = {
    "users/get-authenticated": "who is signed in: `sync`, ticks, the preconditions",
    "repos/get": "address, default branch and role, in every report",
    "repos/get-collaborator-permission-level": "the role, where the repository's answer does not say it",
    "issues/create-label": "`open` makes the tracker's label",
    "issues/list-for-repo": "the tracker by its label; the milestone's issues and pull requests; open bugs",
    "issues/create": "`open` creates the tracker",
    "issues/get": "the tracker before each write and after it; the browser on the docs site",
    "issues/update": "ticks and evidence; closing and deferring; closing the tracker",
    "issues/list-comments": "whether the summary of a release stands there already",
    "issues/create-comment": "the summary at the end, the reason of `abort`",
    "issues/add-labels": "labels of merged pull requests",
    "issues/list-milestones": "the release's milestone and the next one",
    "issues/create-milestone": "the next milestone",
    "issues/update-milestone": "closing, reopening, the due date",
    "pulls/list": "the pull request of a version commit",
    "pulls/create": "the version by pull request",
    "repos/list-releases": "releases of a tag, drafts too; the latest version",
    "repos/create-release": "the draft",
    "repos/update-release": "notes, discussion, publication",
    "repos/delete-release": "the draft, where `abort` was asked to delete it",
    "repos/generate-release-notes": "the notes since the previous tag",
    "repos/upload-release-asset": "files of a release",
    "repos/delete-release-asset": "an upload that broke off",
    "checks/list-for-ref": "CI of the branch and of the tag",
    "repos/get-combined-status-for-ref": "CI that reports by commit statuses",
    "actions/list-workflow-runs-for-repo": "workflows of the tag; which of them to run again",
    "actions/re-run-workflow-failed-jobs": "`run --rerun-failed`",
    "actions/create-workflow-dispatch": "workflows of a tag that was pushed with the token of GitHub Actions",
    "repos/list-deployments": "whether the docs of the commit were deployed",
    "repos/list-deployment-statuses": "whether the docs of the commit were deployed",
    "git/list-matching-refs": "all tags",
    "git/get-ref": "whether a branch exists",
    "git/get-tag": "the commit of an annotated tag",
    "repos/get-commit": "the head of the branch; the files of a version commit",
    "repos/list-commits": "the history, without a token",
    "repos/compare-commits": "whether a commit is on the branch; commits since a tag, without a token",
    "repos/get-content": "version files and `.github/release.yml` at a branch or commit",
    "repos/get-branch": "whether the branch takes pushes",
    "repos/get-branch-rules": "whether the branch takes pushes",
}
"""By operation, in the words of GitHub's description."""

QUERIES = {
    "Commits": "commits since a tag with their pull requests",
    "History": "the same before the first release",
    "HistoryOf": "the same up to a commit, for hotfixes",
    "Categories": "categories of discussions",
    "Discussion": "the release's discussion with its comments",
    "Newest": "whether an announcement stands in its category already",
    "Comment": "the announcement in the release's discussion",
    "Create": "the announcement in a category",
    "Viewer": "who is signed in with the token of an app",
}
"""By name."""
