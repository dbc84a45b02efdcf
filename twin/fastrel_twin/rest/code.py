"""Git data: refs, tags, commits, files, comparisons, branches."""

from __future__ import annotations

import base64
from urllib.parse import quote

from fastrel_twin.bare_repository import Entry
from fastrel_twin.call import Answer, Call, Json, Refused, Routes, invalid, not_empty, not_found
from fastrel_twin.rest import git_shapes

REPO = "/repos/{owner}/{name}"


def get_ref(call: Call) -> Answer:
    """Read from the bare repository, as all of git."""
    not_empty(call)
    ref = call.store.bare.refs().get(f"refs/{call.path['ref']}")
    if ref is None:
        raise not_found()
    return Answer(git_shapes.git_ref(call, ref))


def matching_refs(call: Call) -> Answer:
    """All refs that begin so, in one answer: GitHub does not page them."""
    not_empty(call)
    prefix = f"refs/{call.path['ref']}"
    found = [ref for name, ref in call.store.bare.refs().items() if name.startswith(prefix)]
    return Answer([git_shapes.git_ref(call, ref) for ref in found])


def create_ref(call: Call) -> Answer:
    """Needs write access. One that exists: 422. A workflow starts as for a push."""
    call.require("write")
    name, sha = call.text("ref"), call.text("sha")
    if name in call.store.bare.refs():
        raise Refused(422, "Reference already exists")
    if not name.startswith("refs/") or not call.store.bare.resolve(sha):
        raise Refused(422, "Object does not exist")
    call.store.bare.set_ref(name, sha)
    return Answer(git_shapes.git_ref(call, call.store.bare.refs()[name]), 201)


def delete_ref(call: Call) -> Answer:
    """Needs write access. An unknown one: 422."""
    call.require("write")
    name = f"refs/{call.path['ref']}"
    if name not in call.store.bare.refs():
        raise Refused(422, "Reference does not exist")
    before = call.store.bare.refs()
    call.store.bare.delete_ref(name)
    call.store.withdraw_releases(before)
    return Answer(None, 204)


def get_tag(call: Call) -> Answer:
    """An annotated tag by the SHA of its own object. A signature is not verified."""
    facts = call.store.bare.tag(call.path["sha"])
    if facts is None:
        raise not_found()
    return Answer(
        {
            "node_id": f"TA_{facts.sha}",
            "tag": facts.name,
            "sha": facts.sha,
            "url": f"{call.repository}/git/tags/{facts.sha}",
            "message": facts.message,
            "tagger": {"name": facts.tagger, "email": facts.email, "date": facts.at},
            "object": {
                "type": "commit",
                "sha": facts.commit,
                "url": f"{call.repository}/git/commits/{facts.commit}",
            },
            "verification": {
                "verified": False,
                "reason": "unsigned",
                "payload": None,
                "signature": None,
                "verified_at": None,
            },
        }
    )


def get_commit(call: Call) -> Answer:
    """By branch, tag or SHA; what none of these is: 422. With the names of the changed files; of a merge, those that it
    brings to its first parent. Lines are not counted."""
    not_empty(call)
    sha = call.store.bare.resolve(call.path["ref"])
    if not sha:
        raise Refused(422, f"No commit found for SHA: {call.path['ref']}")
    facts = call.store.bare.commit(sha)
    files = [_changed_file(call, sha, name) for name in call.store.bare.changed_files(sha)]
    stats = {"total": len(files), "additions": len(files), "deletions": 0}
    return Answer({**git_shapes.commit(call, facts), "stats": stats, "files": files})


def _changed_file(call: Call, sha: str, name: str) -> Json:
    return {
        "sha": sha,
        "filename": name,
        "status": "modified",
        "additions": 1,
        "deletions": 1,
        "changes": 2,
        "blob_url": f"{call.web}/blob/{sha}/{quote(name)}",
        "raw_url": f"{call.web}/raw/{sha}/{quote(name)}",
        "contents_url": f"{call.repository}/contents/{quote(name)}?ref={sha}",
    }


def list_commits(call: Call) -> Answer:
    """The history of a branch, tag or commit."""
    not_empty(call)
    shas = call.store.bare.history(_resolved(call, call.query.get("sha", "main")))
    return call.page(shas, lambda sha: git_shapes.commit(call, call.store.bare.commit(sha)))


def compare(call: Call) -> Answer:
    """Commits oldest first, in pages, and how one stands to the other; without the files."""
    base_name, separator, head_name = call.path["range"].partition("...")
    if not separator:
        raise not_found()
    base, head = _resolved(call, base_name), _resolved(call, head_name)
    ahead, behind = call.store.bare.commits_between(base, head), call.store.bare.commits_between(head, base)
    status = "diverged" if ahead and behind else "ahead" if ahead else "behind" if behind else "identical"
    bare = call.store.bare
    merge_base = bare.merge_base(base, head)
    page = call.page(list(reversed(ahead)), lambda sha: git_shapes.commit(call, bare.commit(sha)))
    return Answer(
        {
            "url": call.url,
            "html_url": f"{call.web}/compare/{call.path['range']}",
            "permalink_url": f"{call.web}/compare/{call.path['range']}",
            "diff_url": f"{call.web}/compare/{call.path['range']}.diff",
            "patch_url": f"{call.web}/compare/{call.path['range']}.patch",
            "base_commit": git_shapes.commit(call, bare.commit(base)),
            "merge_base_commit": git_shapes.commit(call, bare.commit(merge_base)),
            "status": status,
            "ahead_by": len(ahead),
            "behind_by": len(behind),
            "total_commits": len(ahead),
            "commits": page.data,
            "files": [],
        },
        headers=page.headers,
    )


def get_contents(call: Call) -> Answer:
    """A file, or the list of what a folder holds. In a repository without a commit, or at a ref that does not exist:
    404."""
    path, ref = call.path["path"], call.query.get("ref", "main")
    if not call.store.bare.refs():
        raise Refused(404, "This repository is empty.")
    sha = call.store.bare.resolve(ref)
    if not sha:
        raise Refused(404, f"No commit found for the ref {ref}")
    found = call.store.bare.file(sha, path)
    if found is None:
        return Answer(_folder(call, path, ref, sha))
    blob, content = found
    own = f"{call.repository}/contents/{path}?ref={ref}"
    links = {
        "git": f"{call.repository}/git/blobs/{blob}",
        "self": own,
        "html": f"{call.web}/blob/{ref}/{path}",
    }
    return Answer(
        {
            "type": "file",
            "encoding": "base64",
            "size": len(content),
            "name": path.rpartition("/")[2],
            "path": path,
            "content": base64.encodebytes(content).decode(),
            "sha": blob,
            "url": own,
            "git_url": links["git"],
            "html_url": links["html"],
            "download_url": f"{call.web}/raw/{ref}/{path}",
            "_links": links,
        }
    )


def _folder(call: Call, path: str, ref: str, sha: str) -> list[Json]:
    """Source: https://docs.github.com/en/rest/repos/contents#get-repository-content"""
    entries = call.store.bare.folder(sha, path)
    if not entries:
        raise not_found()
    return [_entry(call, ref, path, one) for one in entries]


def _entry(call: Call, ref: str, folder: str, entry: Entry) -> Json:
    path = f"{folder.strip('/')}/{entry.name}".lstrip("/")
    own = f"{call.repository}/contents/{path}?ref={ref}"
    is_file = entry.kind == "blob"
    page = f"{call.web}/{'blob' if is_file else 'tree'}/{ref}/{path}"
    git = f"{call.repository}/git/{'blobs' if is_file else 'trees'}/{entry.sha}"
    return {
        "type": "file" if is_file else "dir",
        "size": entry.size,
        "name": entry.name,
        "path": path,
        "sha": entry.sha,
        "url": own,
        "git_url": git,
        "html_url": page,
        "download_url": f"{call.web}/raw/{ref}/{path}" if is_file else None,
        "_links": {"git": git, "self": own, "html": page},
    }


def get_branch(call: Call) -> Answer:
    """With what classic protection tells every reader. One that was renamed or deleted may lead to another: 301.
    Source: https://github.com/github/rest-api-description/issues/7096"""
    name = call.path["branch"]
    ref = call.store.bare.refs().get(f"refs/heads/{name}")
    if ref is None and name in call.store.gone_branches:
        place = f"{call.api}/repositories/{call.store.id}/branches/{call.store.gone_branches[name]}"
        raise Refused(301, "Moved Permanently", headers={"Location": place})
    if ref is None:
        raise Refused(404, "Branch not found")
    own = f"{call.repository}/branches/{name}"
    protection = call.store.protected.get(name)
    contexts = list(protection.checks) if protection else []
    level = "non_admins" if protection else "off"
    return Answer(
        {
            "name": name,
            "commit": git_shapes.commit(call, call.store.bare.commit(ref.commit)),
            "_links": {"self": own, "html": f"{call.web}/tree/{name}"},
            "protected": protection is not None,
            "protection": {
                "enabled": protection is not None,
                "required_status_checks": {"enforcement_level": level, "contexts": contexts, "checks": []},
            },
            "protection_url": f"{own}/protection",
        }
    )


def _resolved(call: Call, ref: str) -> str:
    sha = call.store.bare.resolve(ref)
    if not sha:
        raise invalid("Commit", "sha", "invalid", f"No commit found for SHA: {ref}") if len(ref) == 40 else not_found()
    return sha


ROUTES: Routes = [
    ("GET", REPO + "/git/ref/{ref:path}", get_ref),
    ("GET", REPO + "/git/matching-refs/{ref:path}", matching_refs),
    ("POST", REPO + "/git/refs", create_ref),
    ("DELETE", REPO + "/git/refs/{ref:path}", delete_ref),
    ("GET", REPO + "/git/tags/{sha}", get_tag),
    ("GET", REPO + "/commits", list_commits),
    ("GET", REPO + "/compare/{range:path}", compare),
    ("GET", REPO + "/contents/{path:path}", get_contents),
    ("GET", REPO + "/branches/{branch:path}", get_branch),
    # Last of the commits' routes: a ref may hold slashes.
    ("GET", REPO + "/commits/{ref:path}", get_commit),
]
