"""What git says: refs, tags, commits, files, comparisons, branches."""

from __future__ import annotations

import base64

from fastrel_twin import shapes
from fastrel_twin.call import Answer, Call, Refused, Routes, invalid, not_found

REPO = "/repos/{owner}/{name}"


def get_ref(call: Call) -> Answer:
    ref = call.world.bare.refs().get(f"refs/{call.path['ref']}")
    if ref is None:
        raise not_found()
    return Answer(shapes.git_ref(call, ref))


def matching_refs(call: Call) -> Answer:
    prefix = f"refs/{call.path['ref']}"
    found = [ref for name, ref in call.world.bare.refs().items() if name.startswith(prefix)]
    return Answer([shapes.git_ref(call, ref) for ref in found])


def create_ref(call: Call) -> Answer:
    call.require("write")
    name, sha = call.text("ref"), call.text("sha")
    if name in call.world.bare.refs():
        raise Refused(422, "Reference already exists")
    if not name.startswith("refs/") or not call.world.bare.resolve(sha):
        raise Refused(422, "Object does not exist")
    call.world.bare.set_ref(name, sha)
    return Answer(shapes.git_ref(call, call.world.bare.refs()[name]), 201)


def delete_ref(call: Call) -> Answer:
    call.require("write")
    name = f"refs/{call.path['ref']}"
    if name not in call.world.bare.refs():
        raise Refused(422, "Reference does not exist")
    call.world.bare.delete_ref(name)
    return Answer(None, 204)


def get_tag(call: Call) -> Answer:
    facts = call.world.bare.tag(call.path["sha"])
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
    return Answer(shapes.commit(call, call.world.bare.commit(_resolved(call, call.path["ref"]))))


def list_commits(call: Call) -> Answer:
    shas = call.world.bare.history(_resolved(call, call.query.get("sha", "main")))
    return call.page(shas, lambda sha: shapes.commit(call, call.world.bare.commit(sha)))


def compare(call: Call) -> Answer:
    base_name, separator, head_name = call.path["range"].partition("...")
    if not separator:
        raise not_found()
    base, head = _resolved(call, base_name), _resolved(call, head_name)
    ahead, behind = call.world.bare.commits_between(base, head), call.world.bare.commits_between(head, base)
    status = "diverged" if ahead and behind else "ahead" if ahead else "behind" if behind else "identical"
    bare = call.world.bare
    merge_base = bare.git("merge-base", base, head)
    page = call.page(list(reversed(ahead)), lambda sha: shapes.commit(call, bare.commit(sha)))
    return Answer(
        {
            "url": call.url,
            "html_url": f"{call.web}/compare/{call.path['range']}",
            "permalink_url": f"{call.web}/compare/{call.path['range']}",
            "diff_url": f"{call.web}/compare/{call.path['range']}.diff",
            "patch_url": f"{call.web}/compare/{call.path['range']}.patch",
            "base_commit": shapes.commit(call, bare.commit(base)),
            "merge_base_commit": shapes.commit(call, bare.commit(merge_base)),
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
    path, ref = call.path["path"], call.query.get("ref", "main")
    found = call.world.bare.file(_resolved(call, ref), path)
    if found is None:
        raise not_found()
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


def get_branch(call: Call) -> Answer:
    name = call.path["branch"]
    ref = call.world.bare.refs().get(f"refs/heads/{name}")
    if ref is None:
        raise Refused(404, "Branch not found")
    own = f"{call.repository}/branches/{name}"
    return Answer(
        {
            "name": name,
            "commit": shapes.commit(call, call.world.bare.commit(ref.commit)),
            "_links": {"self": own, "html": f"{call.web}/tree/{name}"},
            "protected": name in call.world.protected,
            "protection": {"enabled": name in call.world.protected},
            "protection_url": f"{own}/protection",
        }
    )


def _resolved(call: Call, ref: str) -> str:
    sha = call.world.bare.resolve(ref)
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
