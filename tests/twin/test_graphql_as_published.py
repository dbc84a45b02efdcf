"""The twin's GraphQL schema is a faithful part of GitHub's; queries are checked with the official one in all tests."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    is_introspection_type,
    is_required_argument,
    is_required_input_field,
    print_ast,
)

from fastrel_twin.graph.execute import SCHEMA
from published_schema import OFFICIAL, faults, official

pytestmark = pytest.mark.skipif(not OFFICIAL.is_file(), reason="needs GitHub's descriptions: `make node`")


@cache
def own() -> GraphQLSchema:
    return build_schema(SCHEMA.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("query A { viewer { login name } }", ""),
        ("query A { viewer { nickname } }", "Cannot query field 'nickname' on type 'User'"),
        ("query A($n: Int!) { viewer { login } }", "Variable '$n' is never used"),
        ('query A { repository(owner: "a") { id } }', "of type 'String!' is required"),
        ("query A { viewer {", "Syntax Error"),
    ],
)
def test_a_query_that_the_official_schema_does_not_allow_is_found(query: str, fault: str) -> None:
    found = faults(query)
    assert bool(found) == bool(fault)
    assert fault in "".join(found)


def test_the_twins_schema_is_a_faithful_part_of_the_official_one() -> None:
    assert list(differences(own(), official())) == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("hasDiscussionsEnabled: Boolean!", "hasDiscussionsEnabled: Boolean", "Repository.hasDiscussionsEnabled: Boolean, Boolean! there"),
        ("nameWithOwner: String!", "fullName: String!", "Repository.fullName: not there"),
        ("number: Int!): Discussion", "number: Int): Discussion", "Repository.discussion(number): Int, Int! there"),
        ("ref(qualifiedName: String!)", "ref(name: String)", "Repository.ref(qualifiedName): missing, and required there"),
        ("followRenames: Boolean = true", "followRenames: Boolean = false", "Query.repository(followRenames): default false, true there"),
        ("READ TRIAGE WRITE", "READ TRIAGE WRITE OWN", "RepositoryPermission.OWN: not there"),
        ("body: String! categoryId: ID! clientMutationId", "body: String! clientMutationId", "CreateDiscussionInput.categoryId: missing, and required there"),
        ("type Bot implements Actor", "type Bot", "Bot: does not implement Actor"),
        ("type Label {", "type Tags { id: ID! }\ntype Label {", "Tags: not there"),
        ("scalar HTML", "enum HTML { A }", "HTML: of another kind there"),
    ],
)  # fmt: skip
def test_what_is_not_faithful_is_found(old: str, new: str, found: str) -> None:
    text = SCHEMA.read_text(encoding="utf-8")
    assert old in text
    assert found in list(differences(build_schema(text.replace(old, new, 1)), official()))


def differences(part: GraphQLSchema, whole: GraphQLSchema) -> Iterator[str]:
    """What a schema has that the whole one has not, or has otherwise; and what it must not leave out."""
    for name, one in part.type_map.items():
        if is_introspection_type(one):
            continue
        other = whole.type_map.get(name)
        if other is None:
            yield f"{name}: not there"
        elif type(one) is not type(other):
            yield f"{name}: of another kind there"
        else:
            yield from _of_type(part, one, other)


def _of_type(part: GraphQLSchema, one: GraphQLNamedType, other: GraphQLNamedType) -> Iterator[str]:
    if isinstance(one, GraphQLEnumType) and isinstance(other, GraphQLEnumType):
        yield from (f"{one.name}.{value}: not there" for value in one.values if value not in other.values)
    elif isinstance(one, GraphQLInputObjectType) and isinstance(other, GraphQLInputObjectType):
        yield from _of_members(one.name + ".{}", one.fields, other.fields)
    elif isinstance(one, GraphQLObjectType | GraphQLInterfaceType) and isinstance(other, type(one)):
        theirs = {interface.name for interface in other.interfaces} & part.type_map.keys()
        for name in sorted(theirs - {interface.name for interface in one.interfaces}):
            yield f"{one.name}: does not implement {name}"
        yield from _of_members(one.name + ".{}", one.fields, other.fields)
        for name, field in one.fields.items():
            if name in other.fields:
                yield from _of_members(f"{one.name}.{name}({{}})", field.args, other.fields[name].args)


def _of_members(place: str, own: dict[str, Member], theirs: dict[str, Member]) -> Iterator[str]:
    for name, one in own.items():
        other = theirs.get(name)
        if other is None:
            yield f"{place.format(name)}: not there"
            continue
        if str(one.type) != str(other.type):
            yield f"{place.format(name)}: {one.type}, {other.type} there"
        if _default(one) != _default(other):
            yield f"{place.format(name)}: default {_default(one)}, {_default(other)} there"
    for name in sorted(theirs.keys() - own.keys()):
        if _is_required(theirs[name]):
            yield f"{place.format(name)}: missing, and required there"


Member = GraphQLField | GraphQLArgument | GraphQLInputField


def _default(one: Member) -> str:
    """As it is written: how graphql-core keeps it depends on its version."""
    written = getattr(one.ast_node, "default_value", None)
    return print_ast(written) if written else "none"


def _is_required(one: Member) -> bool:
    if isinstance(one, GraphQLArgument):
        return is_required_argument(one)
    return isinstance(one, GraphQLInputField) and is_required_input_field(one)
