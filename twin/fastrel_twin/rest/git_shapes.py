"""The JSON shapes of refs and commits: https://docs.github.com/en/rest/git"""

from __future__ import annotations

from urllib.parse import quote

from fastrel_twin.bare_repository import CommitFacts, Ref
from fastrel_twin.call import Call, Json


def git_ref(call: Call, ref: Ref) -> Json:
    kind = f"{ref.kind}s"
    return {
        "ref": ref.name,
        "node_id": f"REF_{ref.name}",
        "url": f"{call.repository}/git/{quote(ref.name)}",
        "object": {"sha": ref.sha, "type": ref.kind, "url": f"{call.repository}/git/{kind}/{ref.sha}"},
    }


def commit(call: Call, facts: CommitFacts) -> Json:
    own = f"{call.repository}/commits/{facts.sha}"
    return {
        "url": own,
        "sha": facts.sha,
        "node_id": f"C_{facts.sha}",
        "html_url": f"{call.web}/commit/{facts.sha}",
        "comments_url": f"{own}/comments",
        "commit": {
            "url": f"{call.repository}/git/commits/{facts.sha}",
            "author": {"name": facts.author, "email": facts.email, "date": facts.authored_at},
            "committer": {"name": facts.committer, "email": facts.email, "date": facts.committed_at},
            "message": facts.message,
            "comment_count": 0,
            "tree": {"sha": facts.tree, "url": f"{call.repository}/git/trees/{facts.tree}"},
            "verification": {
                "verified": False,
                "reason": "unsigned",
                "payload": None,
                "signature": None,
                "verified_at": None,
            },
        },
        "author": None,
        "committer": None,
        "parents": [
            {"sha": sha, "url": f"{call.repository}/commits/{sha}", "html_url": f"{call.web}/commit/{sha}"}
            for sha in facts.parents
        ],
    }
