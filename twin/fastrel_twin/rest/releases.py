"""Releases: drafts, publication, generated notes."""

from __future__ import annotations

import re

from fastrel_twin.call import Answer, Call, Refused, Routes, invalid, not_found
from fastrel_twin.notes import UnknownTag, generated_notes
from fastrel_twin.records import Asset, Release
from fastrel_twin.rest import release_shapes

REPO = "/repos/{owner}/{name}"


def list_releases(call: Call) -> Answer:
    """Drafts are listed for who has write access, first."""
    sees_drafts = call.user is not None and call.user.may("write")
    found = [one for one in call.store.releases.values() if sees_drafts or not one.draft]
    found.sort(key=lambda one: (one.draft, one.created_at, one.id), reverse=True)
    return call.page(found, lambda one: release_shapes.release(call, one))


def get_release(call: Call) -> Answer:
    """A draft is found by who has write access."""
    return Answer(release_shapes.release(call, _release(call)))


def get_latest(call: Call) -> Answer:
    """The newest that is neither draft nor pre-release, or the one that was made the latest."""
    found = call.store.latest_release()
    if found is None:
        raise not_found()
    return Answer(release_shapes.release(call, found))


def get_by_tag(call: Call) -> Answer:
    """Drafts are not found by their tag."""
    found = [one for one in call.store.releases.values() if one.tag == call.path["tag"] and not one.draft]
    if not found:
        raise not_found()
    return Answer(release_shapes.release(call, found[0]))


def create_release(call: Call) -> Answer:
    """Two drafts may carry one tag; a published release for it: 422 `already_exists`. Publishing makes a missing
    tag."""
    user = call.require("write")
    tag = call.text("tag_name")
    if not tag:
        raise invalid("Release", "tag_name", "missing_field")
    _check_length(call)
    release = Release(call.store.new_id(), tag, user.login, call.store.now(), draft=True)
    _apply(call, release, publish=call.body.get("draft") is not True)
    call.store.releases[release.id] = release
    return Answer(release_shapes.release(call, release), 201)


def _check_length(call: Call) -> None:
    """Source: https://github.com/softprops/action-gh-release/issues/374"""
    if len(call.text("body")) > 125_000:
        raise invalid("Release", "body", "custom", "body is too long (maximum is 125000 characters)")


def change_release(call: Call) -> Answer:
    """Publishing a draft sets its time, makes a missing tag, and starts the discussion. An unknown category: 404."""
    call.require("write")
    release = _release(call)
    _check_length(call)
    _apply(call, release, publish=release.draft and call.body.get("draft") is False)
    return Answer(release_shapes.release(call, release))


def delete_release(call: Call) -> Answer:
    """The tag stays."""
    call.require("write")
    del call.store.releases[_release(call).id]
    return Answer(None, 204)


def generate_notes(call: Call) -> Answer:
    """From the merged pull requests since the previous tag and the target's `.github/release.yml`. A previous tag that
    is not there: 400."""
    call.require("write")
    tag = call.text("tag_name")
    target = call.store.bare.resolve(tag) or call.store.bare.resolve(call.text("target_commitish", "main"))
    if not tag or not target:
        raise invalid("Release", "target_commitish", "invalid")
    try:
        body = generated_notes(call.store, tag, target, call.text("previous_tag_name"), call.web)
    except UnknownTag:
        raise Refused(400, "Invalid previous_tag parameter") from None
    return Answer({"name": tag, "body": body})


def list_assets(call: Call) -> Answer:
    """In pages."""
    release = _release(call)
    return call.page(release.assets, lambda one: release_shapes.asset(call, release, one))


def upload_asset(call: Call) -> Answer:
    """The body is the file. Special characters of its name become dots, as the answer says. A name that exists: 422
    `already_exists`. The address is that of `upload_url` of the release, below `/api/uploads`."""
    user = call.require("write")
    release = _release(call)
    name = call.query.get("name", "")
    if not name or call.file is None:
        raise invalid("ReleaseAsset", "name", "missing_field")
    name = _renamed(name)
    if any(one.name == name for one in release.assets):
        raise invalid("ReleaseAsset", "name", "already_exists")
    content, kind = call.file
    asset = Asset(call.store.new_id(), name, content, kind, user.login, call.store.now())
    release.assets.append(asset)
    return Answer(release_shapes.asset(call, release, asset), 201)


def _renamed(name: str) -> str:
    """Source: https://github.com/cli/cli/issues/10585, https://github.com/travis-ci/dpl/issues/821 and
    https://github.com/softprops/action-gh-release/issues/159; which characters these are GitHub does not list."""
    plain = re.sub(r"[^A-Za-z0-9_+-]+", ".", f"default{name}" if name.startswith(".") else name)
    return plain.strip(".")


def delete_asset(call: Call) -> Answer:
    """Needs write access."""
    call.require("write")
    for release in call.store.releases.values():
        for one in release.assets:
            if one.id == call.number("id"):
                release.assets.remove(one)
                return Answer(None, 204)
    raise not_found()


def _apply(call: Call, release: Release, *, publish: bool) -> None:
    category = call.text("discussion_category_name")
    known = call.store.has_discussions and category in call.store.categories
    if category and not (known and call.store.may_announce(call.user, category)):
        # Source: https://github.com/ghalactic/github-release-from-tag/issues/193
        raise Refused(404, "Discussion could not be created. Make sure you passed a valid category name.")
    if publish:
        _require_publishable(call, release)
    for field_name, key in (
        ("tag", "tag_name"),
        ("name", "name"),
        ("body", "body"),
        ("target", "target_commitish"),
        ("make_latest", "make_latest"),
    ):
        if key in call.body:
            setattr(release, field_name, call.text(key))
    if "prerelease" in call.body:
        release.prerelease = call.body["prerelease"] is True
    if call.body.get("generate_release_notes") is True:
        target = call.store.bare.resolve(release.tag) or call.store.bare.resolve(release.target)
        release.body = "\n\n".join(
            filter(None, [release.body, generated_notes(call.store, release.tag, target, "", call.web)])
        )
    if publish:
        release.draft, release.published_at = False, call.store.now()
        if f"refs/tags/{release.tag}" not in call.store.bare.refs():
            call.store.bare.set_ref(f"refs/tags/{release.tag}", call.store.bare.resolve(release.target))
    if category and not release.draft and not release.discussion:
        author = call.user.login if call.user else release.author
        discussion = call.store.add_discussion(release.name or release.tag, release.body, author, category)
        release.discussion = discussion.number


def _require_publishable(call: Call, release: Release) -> None:
    tag = call.text("tag_name", release.tag)
    others = [one for one in call.store.releases.values() if one.id != release.id and not one.draft]
    if any(one.tag == tag for one in others):
        raise invalid("Release", "tag_name", "already_exists")
    target = call.text("target_commitish", release.target)
    if f"refs/tags/{tag}" not in call.store.bare.refs() and not call.store.bare.resolve(target):
        raise invalid("Release", "target_commitish", "invalid")


def _release(call: Call) -> Release:
    found = call.store.releases.get(call.number("id"))
    if found is None or (found.draft and not (call.user and call.user.may("write"))):
        raise not_found()
    return found


ROUTES: Routes = [
    ("GET", REPO + "/releases", list_releases),
    ("POST", REPO + "/releases", create_release),
    ("GET", REPO + "/releases/latest", get_latest),
    ("POST", REPO + "/releases/generate-notes", generate_notes),
    ("GET", REPO + "/releases/tags/{tag:path}", get_by_tag),
    ("DELETE", REPO + "/releases/assets/{id}", delete_asset),
    ("GET", REPO + "/releases/{id}/assets", list_assets),
    ("POST", REPO + "/releases/{id}/assets", upload_asset),
    ("GET", REPO + "/releases/{id}", get_release),
    ("PATCH", REPO + "/releases/{id}", change_release),
    ("DELETE", REPO + "/releases/{id}", delete_release),
]
