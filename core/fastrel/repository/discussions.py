"""Discussions, which GitHub offers through GraphQL only.

Source: https://docs.github.com/en/graphql/guides/using-the-graphql-api-for-discussions
"""

from __future__ import annotations

from fastrel.repository.client import Client, remembered
from fastrel.repository.fields import Fields
from fastrel.repository.model import Category, Comment, Discussion

CATEGORIES = """
query Categories($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) {
    id hasDiscussionsEnabled discussionCategories(first: 100) { nodes { id name } }
  }
}
"""
DISCUSSION = """
query Discussion($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    discussion(number: $number) {
      id number title url body
      comments(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor } nodes { body url author { login } }
      }
    }
  }
}
"""
NEWEST = """
query Newest($owner: String!, $name: String!, $category: ID!) {
  repository(owner: $owner, name: $name) {
    discussions(first: 100, categoryId: $category, orderBy: {field: CREATED_AT, direction: DESC}) {
      nodes { id number title url body }
    }
  }
}
"""
COMMENT = """
mutation Comment($discussion: ID!, $body: String!) {
  addDiscussionComment(input: {discussionId: $discussion, body: $body}) { comment { url } }
}
"""
CREATE = """
mutation Create($repository: ID!, $category: ID!, $title: String!, $body: String!) {
  createDiscussion(input: {repositoryId: $repository, categoryId: $category, title: $title, body: $body}) {
    discussion { url }
  }
}
"""


class Discussions:
    def __init__(self, client: Client, name: str) -> None:
        self.client = client
        self.name = name

    def enabled(self) -> bool:
        return self._facts().flag("hasDiscussionsEnabled")

    def categories(self) -> tuple[Category, ...]:
        nodes = self._facts().sub("discussionCategories").items("nodes")
        return tuple(Category(node.text("id"), node.text("name")) for node in nodes)

    def category(self, name: str) -> Category | None:
        return next((one for one in self.categories() if one.name == name), None)

    @remembered
    def thread(self, number: int) -> tuple[Discussion, tuple[Comment, ...]]:
        """A discussion with all its comments."""
        comments: list[Comment] = []
        after: str | None = None
        while True:
            found = self._ask(DISCUSSION, number=number, after=after).sub("discussion")
            page = found.sub("comments")
            comments += [
                Comment(node.text("body"), node.text("url"), node.sub("author").text("login"))
                for node in page.items("nodes")
            ]
            info = page.sub("pageInfo")
            if not info.flag("hasNextPage"):
                return _discussion(found), tuple(comments)
            after = info.text("endCursor")

    @remembered
    def newest(self, category: Category) -> tuple[Discussion, ...]:
        """The hundred newest discussions of a category."""
        nodes = self._ask(NEWEST, category=category.id).sub("discussions").items("nodes")
        return tuple(map(_discussion, nodes))

    def comment(self, discussion: Discussion, body: str) -> None:
        self.client.mutate(COMMENT, discussion=discussion.id, body=body)

    def create(self, category: Category, title: str, body: str) -> None:
        self.client.mutate(CREATE, repository=self._facts().text("id"), category=category.id, title=title, body=body)

    @remembered
    def _facts(self) -> Fields:
        return self._ask(CATEGORIES)

    def _ask(self, query: str, **variables: object) -> Fields:
        owner, _, name = self.name.partition("/")
        return self.client.graphql(query, owner=owner, name=name, **variables).sub("repository")


def _discussion(node: Fields) -> Discussion:
    return Discussion(node.text("id"), node.number("number"), node.text("title"), node.text("url"), node.text("body"))
