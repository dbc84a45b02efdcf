"""Discussions, which GitHub offers through GraphQL only.

Source: https://docs.github.com/en/graphql/guides/using-the-graphql-api-for-discussions
"""

from __future__ import annotations

from fastrel.errors import NotAllowed, NotFound, RemoteError
from fastrel.github.model import STRANGERS, Category, Comment, Discussion
from fastrel.github.role import Role
from fastrel.github.transport.client import Client
from fastrel.github.transport.fields import Fields
from fastrel.github.transport.listing import cursor_after
from fastrel.github.transport.remembered import remembered

_AUTHOR = "viewerDidAuthor authorAssociation author { __typename login }"
CATEGORIES = """
query Categories($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) {
    id hasDiscussionsEnabled discussionCategories(first: 100) { nodes { id name slug } }
  }
}
"""
DISCUSSION = """
query Discussion($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    discussion(number: $number) {
      id number title url body category { name } {_AUTHOR}
      comments(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor } nodes { id databaseId body url {_AUTHOR} }
      }
    }
  }
}
""".replace("{_AUTHOR}", _AUTHOR)
NEWEST = """
query Newest($owner: String!, $name: String!, $category: ID!) {
  repository(owner: $owner, name: $name) {
    discussions(first: 100, categoryId: $category, orderBy: {field: CREATED_AT, direction: DESC}) {
      nodes { id number title url body category { name } {_AUTHOR} }
    }
  }
}
""".replace("{_AUTHOR}", _AUTHOR)
COMMENT = """
mutation Comment($discussion: ID!, $body: String!) {
  addDiscussionComment(input: {discussionId: $discussion, body: $body}) {
    comment { id databaseId body url {_AUTHOR} }
  }
}
""".replace("{_AUTHOR}", _AUTHOR)
CREATE = """
mutation Create($repository: ID!, $category: ID!, $title: String!, $body: String!) {
  createDiscussion(input: {repositoryId: $repository, categoryId: $category, title: $title, body: $body}) {
    discussion { id number title url body category { name } {_AUTHOR} }
  }
}
""".replace("{_AUTHOR}", _AUTHOR)
DELETE_COMMENT = """
mutation DeleteComment($id: ID!) { deleteDiscussionComment(input: {id: $id}) { comment { id } } }
"""
DELETE = """
mutation Delete($id: ID!) { deleteDiscussion(input: {id: $id}) { discussion { id } } }
"""


class Discussions:
    def __init__(self, client: Client, name: str) -> None:
        self.client = client
        self.name = name

    def enabled(self) -> bool:
        return self._facts().flag("hasDiscussionsEnabled")

    def categories(self) -> tuple[Category, ...]:
        nodes = self._facts().sub("discussionCategories").items("nodes")
        return tuple(Category(node.text("id"), node.text("name"), node.text("slug")) for node in nodes)

    def role_for(self, name: str, least: Role) -> Role:
        """The role that starting a discussion in a category needs, not below another one. GraphQL tells the categories
        to nobody without a token."""
        if not name or not self.client.authenticated:
            return least
        try:
            found = self.category(name)
        except (RemoteError, NotAllowed):
            return least
        above = found is not None and found.for_maintainers and least.rank < Role.MAINTAIN.rank
        return Role.MAINTAIN if above else least

    def category(self, name: str) -> Category | None:
        return next((one for one in self.categories() if one.name == name), None)

    @remembered
    def thread(self, number: int) -> tuple[Discussion, tuple[Comment, ...]]:
        """A discussion with all its comments. NotFound when it was deleted."""
        comments: list[Comment] = []
        after: str | None = None
        while True:
            found = self._numbered(number, after)
            page = found.sub("comments")
            comments += map(_comment, page.items("nodes"))
            after = cursor_after(page, after, f"discussion {number}")
            if after is None:
                return _discussion(found), tuple(comments)

    @remembered
    def newest(self, category: Category) -> tuple[Discussion, ...]:
        """The hundred newest discussions of a category."""
        nodes = self._ask(NEWEST, category=category.id).sub("discussions").items("nodes")
        return tuple(map(_discussion, nodes))

    def comment(self, discussion: Discussion, body: str) -> Comment:
        made = self.client.mutate(COMMENT, discussion=discussion.id, body=body)
        return _comment(made.sub("addDiscussionComment").sub("comment"))

    def delete_comment(self, comment: Comment) -> None:
        self.client.mutate(DELETE_COMMENT, id=comment.node)

    def create(self, category: Category, title: str, body: str) -> Discussion:
        repository = self._facts().text("id")
        made = self.client.mutate(CREATE, repository=repository, category=category.id, title=title, body=body)
        return _discussion(made.sub("createDiscussion").sub("discussion"))

    def delete(self, discussion: Discussion) -> None:
        self.client.mutate(DELETE, id=discussion.id)

    @remembered
    def _facts(self) -> Fields:
        return self._ask(CATEGORIES)

    def _numbered(self, number: int, after: str | None) -> Fields:
        owner, _, name = self.name.partition("/")
        data, errors = self.client.graphql_parts(DISCUSSION, owner=owner, name=name, number=number, after=after)
        found = data.sub("repository").sub("discussion")
        if not found.data and [one.text("type") for one in errors] == ["NOT_FOUND"]:
            raise NotFound(f"Discussion {number} of {self.name} was deleted.")
        return found if found.data else self._ask(DISCUSSION, number=number, after=after).sub("discussion")

    def _ask(self, query: str, **variables: object) -> Fields:
        owner, _, name = self.name.partition("/")
        return self.client.graphql(query, owner=owner, name=name, **variables).sub("repository")


def _discussion(node: Fields) -> Discussion:
    return Discussion(
        node.text("id"),
        node.number("number"),
        node.text("title"),
        node.text("url"),
        node.text("body"),
        category=node.sub("category").text("name"),
        author=node.sub("author").text("login"),
        stranger=_by_stranger(node),
    )


def _comment(node: Fields) -> Comment:
    author = node.sub("author").text("login")
    number, node_id = node.number("databaseId"), node.text("id")
    return Comment(node.text("body"), node.text("url"), author, number, node=node_id, stranger=_by_stranger(node))


def _by_stranger(node: Fields) -> bool:
    known = node.flag("viewerDidAuthor") or node.sub("author").text("__typename") == "Bot"
    return not known and node.text("authorAssociation") in STRANGERS
