"""The container image in its registry, verified by the digest of its manifest."""

from __future__ import annotations

from fastrel.actions.action import Action, Context
from fastrel.actions.later_release import unless_superseded
from fastrel.report.verdict import Verdict, blocked, done, failed, waiting
from fastrel.web.oci_registry import read_manifest


class ImageAvailable(Action):
    name = "image.available"
    summary = (
        "Done when the OCI registry serves a manifest for the image at the version's tag to an anonymous "
        "reader. `run` waits. It stays done when a later release changes this."
    )
    parameters = {
        "image": "REGISTRY/NAME, instead of `image:` in the front matter",
        "tag": "the image's tag, instead of the version",
        "platforms": "platforms that must be there, such as `linux/amd64,linux/arm64`",
    }

    def check(self, context: Context) -> Verdict:
        return unless_superseded(context, self._now(context), " is sha")

    def _now(self, context: Context) -> Verdict:
        image = context.parameter("image", context.settings.image)
        tag = context.parameter("tag", "{{ version }}")
        if not image:
            return failed("the guide names no image")
        if context.release.tag not in context.repository.code.tags():
            return blocked(f"{context.release.tag} is not on the remote yet")
        manifest = read_manifest(image, tag)
        if manifest is None:
            return waiting(f"the registry does not serve {image}:{tag} yet")
        wanted = [one.strip() for one in context.parameter("platforms").split(",") if one.strip()]
        missing = [one for one in wanted if one not in manifest.platforms]
        if missing:
            return waiting(f"{image}:{tag} is not there for {', '.join(missing)} yet")
        words = f" for {', '.join(manifest.platforms)}" if manifest.platforms else ""
        return done(f"{image}:{tag} is {manifest.digest}{words}")
