"""The JSON shapes of releases and their files: https://docs.github.com/en/rest/releases"""

from __future__ import annotations

import hashlib

from fastrel_twin.call import Call, Json
from fastrel_twin.records import Asset, Release
from fastrel_twin.rest.basic_shapes import time, user


def release(call: Call, one: Release) -> Json:
    own = f"{call.repository}/releases/{one.id}"
    # GitHub shows a draft under a provisional address until it is published.
    page = f"{call.web}/releases/tag/{f'untagged-{one.id:020x}' if one.draft else one.tag}"
    data: Json = {
        "url": own,
        "assets_url": f"{own}/assets",
        "upload_url": f"{own.replace('/api/v3/', '/api/uploads/', 1)}/assets{{?name,label}}",
        "html_url": page,
        "id": one.id,
        "author": user(call, one.author),
        "node_id": f"RE_{one.id}",
        "tag_name": one.tag,
        "target_commitish": one.target,
        "name": one.name or None,
        "draft": one.draft,
        "immutable": False,
        "prerelease": one.prerelease,
        "created_at": time(one.created_at),
        "updated_at": time(one.created_at),
        "published_at": time(one.published_at),
        "assets": [asset(call, one, file) for file in one.assets],
        "tarball_url": None if one.draft else f"{call.repository}/tarball/{one.tag}",
        "zipball_url": None if one.draft else f"{call.repository}/zipball/{one.tag}",
        "body": one.body,
    }
    if one.discussion:
        data["discussion_url"] = f"{call.web}/discussions/{one.discussion}"
    return data


def asset(call: Call, one: Release, file: Asset) -> Json:
    return {
        "url": f"{call.repository}/releases/assets/{file.id}",
        "id": file.id,
        "node_id": f"RA_{file.id}",
        "name": file.name,
        "label": None,
        "uploader": user(call, file.uploader),
        "content_type": file.content_type,
        "state": file.state,
        "size": len(file.content),
        "digest": f"sha256:{hashlib.sha256(file.content).hexdigest()}",
        "download_count": 0,
        "created_at": time(file.created_at),
        "updated_at": time(file.created_at),
        "browser_download_url": f"{call.web}/releases/download/{one.tag}/{file.name}",
    }
