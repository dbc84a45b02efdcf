"""What scripts of the guide get: values that are nothing but words, and an environment without tokens."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastrel.actions.script_environment import BASH, script_environment, unsafe_value
from fastrel.guide.template import render
from fastrel.process.hidden_environment import TOKENS
from fastrel.release import release_of

VALUES = release_of("0.2.0", ["v0.1.0"]).values("ServiceNow/Fast-LLM")


def test_the_values_are_in_the_environment_and_no_others_of_that_name() -> None:
    found = script_environment({"PATH": "/bin", "FASTREL_TAG": "v9", "FASTREL_BASE": "x"}, VALUES)
    assert found == {"PATH": "/bin"} | {f"FASTREL_{name.upper()}": value for name, value in VALUES.items()}
    assert found["FASTREL_PREVIOUS_TAG"] == "v0.1.0"


@pytest.mark.parametrize("name", TOKENS)
def test_no_token_is_handed_down_under_any_name(name: str) -> None:
    found = script_environment({name: "secret", "DOCS_TOKEN": "secret", "OTHER": "mine", "EMPTY": ""}, {})
    assert found == {"OTHER": "mine", "EMPTY": ""}
    assert script_environment({name: ""}, {}) == {}


@pytest.mark.parametrize("name", [*BASH, "BASH_FUNC_git%%"])
def test_what_makes_bash_do_other_things_than_the_script_says_is_not_handed_down(name: str) -> None:
    assert name not in script_environment({name: "x"}, {})


def test_an_inherited_function_does_not_stand_in_for_a_command() -> None:
    environment = script_environment({"PATH": "/usr/bin:/bin", "BASH_FUNC_true%%": "() { echo taken; }"}, {})
    done = subprocess.run(["bash", "-c", "true"], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == ""


@pytest.mark.parametrize("value", ["v0.2.0", "release/0.2.1", "1.0.0-rc.1+b.2", "ServiceNow/Fast-LLM", "minor", ""])
def test_words_may_stand_in_a_script(value: str) -> None:
    assert unsafe_value("git tag {{ tag }}", {"tag": value}) == ""


@pytest.mark.parametrize(
    "value", ["a;b", "$(id)", "`id`", "a b", "a'b", 'a"b', "a\nb", "a&b", "a|b", "a>b", "~", "*", "{a,b}", "-rf", "!x"]
)
def test_what_a_shell_could_read_as_more_is_refused_with_the_way_out(value: str) -> None:
    said = unsafe_value("git tag {{ tag }}", {"tag": value})
    assert value in said
    assert '"$FASTREL_TAG"' in said
    assert unsafe_value('git tag "$FASTREL_TAG"', {"tag": value}) == ""


@given(st.text(max_size=30))
def test_whatever_passes_comes_out_of_bash_as_it_went_in(value: str) -> None:
    script = "printf %s {{ tag }}"
    if "\0" in value or unsafe_value(script, {"tag": value}):
        return
    done = subprocess.run(["bash", "-c", render(script, {"tag": value})], capture_output=True, text=True, check=True)
    assert done.stdout == value
