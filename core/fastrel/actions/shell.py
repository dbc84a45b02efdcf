"""Steps that execute the guide's own code block, the text that readers see, with `bash -euo pipefail`.

Without `check=` nothing but the run itself shows that it was done, so the tick in the tracker is the record.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from fastrel.actions.action import Action, Context, Effect, Output, Plan
from fastrel.actions.questions.prompts import Prompter, Undecided
from fastrel.actions.script_environment import require_safe_values, script_environment, unsafe_value
from fastrel.errors import FastrelError
from fastrel.git.made_files import MadeFiles
from fastrel.report.verdict import Status, Verdict, decided, done, todo
from fastrel.text.redact import without_secrets

CHECK_TIMEOUT = 120
"""Seconds that a `check=` command may take."""
TAIL = 15
"""Lines of a script's output that are shown after it."""


class Shell(Action):
    name = ""
    summary = "Done when `check=` succeeds, or the script ran and the release issue records it."
    needs_worktree = True

    def check(self, context: Context) -> Verdict:
        if context.step.check and context.worktree and context.withheld:
            return Verdict(Status.UNKNOWN, f"{context.withheld}; `run` shows it and asks")
        if context.step.check and context.worktree:
            command = _rendered(context, context.step.check)
            result = _bash(command, context.worktree.root, context, CHECK_TIMEOUT)
            return done(f"`{command}` succeeds") if result.returncode == 0 else todo(f"`{command}` fails")
        if context.decided:
            return decided(context.decided)
        return todo("not run yet")

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        if context.step.script is None:
            return Plan()
        if context.withheld:
            raise Undecided(
                f"The script of step {context.step.id} is not executed: {context.withheld}.",
                next_step="A person reads it and runs the step on their own machine.",
            )
        script = _rendered(context, context.step.script)
        root = context.checkout.root
        first = script.strip().splitlines()[0] if script.strip() else "nothing"
        more = len(script.strip().splitlines()) - 1
        words = f"run `{first}`" + (f" and {more} more lines" if more > 0 else "")
        lines = tuple(line for line in script.splitlines() if line.strip())
        return Plan((Effect(words, lambda: _run(script, root, context), calls=lines),), f"`{first}` succeeded")

    def preconditions(self, context: Context) -> tuple[str, ...]:
        values = context.release.values(context.repository.name)
        problem = unsafe_value(context.step.script or "", values)
        return (problem,) if problem else ()


def _rendered(context: Context, script: str) -> str:
    require_safe_values(script, context.release.values(context.repository.name), context.step.id)
    return context.render(script)


def _run(script: str, root: Path, context: Context) -> Output:
    with MadeFiles(context.checkout, context.release.version).by(context.step.id):
        result = _bash(script, root, context, None)
    lines = without_secrets(result.stdout).splitlines()
    if result.returncode:
        tail = "\n".join(f"    {line}" for line in lines[-TAIL:])
        raise FastrelError(
            f"The script of step {context.step.id} failed (exit code {result.returncode}):\n{tail}",
            done="The step is not ticked.",
        )
    return Output("\n".join(lines[-TAIL:]))


def _bash(script: str, root: Path, context: Context, timeout: int | None) -> subprocess.CompletedProcess[str]:
    environment = script_environment(os.environ, context.release.values(context.repository.name))
    try:
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise FastrelError(f"`{script}` did not finish in {timeout} seconds.") from None
    except FileNotFoundError:
        raise FastrelError("bash was not found.", next_step="Install bash; the guide's scripts need it.") from None
