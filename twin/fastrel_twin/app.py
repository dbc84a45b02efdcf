"""The ASGI application: routes, authentication, ETags, rate-limit headers, and the log of requests."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp

from fastrel_twin import access, other_services, smart_http
from fastrel_twin.call import Answer, Call, Handler, Json, Refused, TooLow, not_found
from fastrel_twin.faults import Faults, Wrong, begin
from fastrel_twin.graph.execute import execute
from fastrel_twin.records import User
from fastrel_twin.redirects import addressed
from fastrel_twin.rest import checks, code, deployments, issues, project, pulls, releases, rules
from fastrel_twin.store import Store
from fastrel_twin.web.pages import web_page
from fastrel_twin.workflows.simulated_ci import SimulatedCi

RESET = 2_000_000_000
"""When the rate limit resets, in seconds since 1970: never, for a twin."""
Endpoint = Callable[[Request], Awaitable[Response]]


class Requests:
    """The log of what was asked: (method, path with query, status); and what goes wrong with what is asked next."""

    def __init__(self) -> None:
        self.log: list[tuple[str, str, int]] = []
        self.faults = Faults(possible=frozenset({Wrong.STATUS, Wrong.NOTHING}))
        self.delay = 0.0
        """Seconds that each answer of the API takes on its way."""
        self.in_flight = 0
        self.most_in_flight = 0


def application(store: Store, simulated_ci: SimulatedCi, requests: Requests) -> ASGIApp:
    """Everything that the twin serves."""

    async def answered(request: Request, body: bytes, answer: Callable[[], Response]) -> Response:
        requests.in_flight += 1
        requests.most_in_flight = max(requests.most_in_flight, requests.in_flight)
        if requests.delay:
            await asyncio.sleep(requests.delay)
        fault = requests.faults.take(request.method, _full_path(request), body)
        if fault:
            await run_in_threadpool(begin, fault)
        refuses = fault is not None and fault.wrong is Wrong.STATUS
        if not refuses or (fault and fault.applied):
            # They wait for each other anyway; a thread for each would only cost the way there and back.
            response = answer()
        requests.in_flight -= 1
        if fault and refuses and fault.page:
            response = HTMLResponse(fault.page, fault.status)
        elif fault and refuses:
            response = _refused(Refused(fault.status, fault.message, [dict(one) for one in fault.errors]), store)
        if fault:
            response.headers.update(fault.headers)
        return _logged(requests, request, response)

    def rest(route: str, handler: Handler, *, everywhere: bool) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            body = await request.body()
            return await answered(
                request, body, partial(_rest, store, simulated_ci, route, handler, request, body, everywhere)
            )

        return endpoint

    async def graphql(request: Request) -> Response:
        body = await request.body()
        return await answered(request, body, partial(_graphql, store, simulated_ci, request, body))

    async def others(request: Request) -> Response:
        body = await request.body()
        response = await run_in_threadpool(_elsewhere, store, simulated_ci, request, body)
        return _logged(requests, request, response)

    async def unknown(request: Request) -> Response:
        return _logged(requests, request, _refused(not_found(), store))

    # `checks` before `code`: a commit's check runs before the commit itself, whose ref may hold slashes.
    routes = [
        Route(
            f"{_api(method, path)}{path}", rest(path, handler, everywhere=module in (project, issues)), methods=[method]
        )
        for module in (project, issues, pulls, releases, checks, deployments, rules, code)
        for method, path, handler in module.ROUTES
    ]
    routes.append(Route("/api/graphql", graphql, methods=["POST"]))
    routes.append(Route("/api/{rest:path}", unknown, methods=["GET", "POST", "PATCH", "PUT", "DELETE"]))
    routes.append(Route("/{path:path}", others, methods=["GET", "HEAD", "POST"]))
    return addressed(Router(routes), store, lambda *asked: requests.log.append(asked))


def _rest(
    store: Store,
    simulated_ci: SimulatedCi,
    route: str,
    handler: Handler,
    request: Request,
    body: bytes,
    everywhere: bool,
) -> Response:
    """`everywhere`: whether the repositories that have no git answer this, too."""
    with store.lock, store.bare.one_answer():
        simulated_ci.observe()
        user: User | None = None
        try:
            if any(part in route for part in store.lacking):
                raise not_found()
            user = _authenticated(store, request)
            _count(store, anonymous=user is None)
            if store.refusal and user and "/repos/" in route:
                raise Refused(*store.refusal)
            asked = _repository(store, request, everywhere=everywhere)
            access.require_token(asked, user, request.method, route)
            _require_open(asked, request.method)
            answer = handler(_call(asked, simulated_ci, user, request, body))
            response = _answered(answer, request, store)
        except TooLow as error:
            response = _refused(access.refusal(user, route) if user else error, store)
        except Refused as error:
            response = _refused(error, store)
        response.headers.update(_of_token(user))
        response.headers.update(access.headers_for(user, request.method, route))
        if "authorization" not in request.headers:
            response.headers.update(_common(store, anonymous=True))
        return response


def _graphql(store: Store, simulated_ci: SimulatedCi, request: Request, body: bytes) -> Response:
    with store.lock, store.bare.one_answer():
        simulated_ci.observe()
        try:
            user = _authenticated(store, request)
            if user is None:
                raise Refused(401, "This endpoint requires you to be authenticated.")
            _count(store)
            call = _call(store, simulated_ci, user, request, body)
        except Refused as error:
            return _refused(error, store)
        return JSONResponse(execute(call), headers=_common(store, "graphql"))


def _elsewhere(store: Store, simulated_ci: SimulatedCi, request: Request, body: bytes) -> Response:
    path = request.url.path
    headers = {name.lower(): value for name, value in request.headers.items()}
    git = f"/{store.name}.git/"
    if path.startswith(git):
        with store.lock:
            before = store.bare.refs()
        status, fields, content = smart_http.serve_git(store, request.method, path, request.url.query, headers, body)
        if request.method == "POST":
            user = smart_http.user_of(store, headers.get("authorization", ""))
            with store.lock:
                store.withdraw_releases(before)
                simulated_ci.observe(starts_workflows=not (user and user.app))
        return Response(content, status, headers=fields)
    with store.lock:
        simulated_ci.observe()
        if path == "/registry-token":
            return JSONResponse({"token": other_services.ANONYMOUS})
        if path.startswith("/v2/"):
            return _registry(store, simulated_ci, path, headers)
        if path.startswith("/simple/"):
            return _index(store, simulated_ci, path.removeprefix("/simple/").strip("/"))
        if path.startswith(("/npm/", "/crates/")):
            return _package(simulated_ci, path)
        site = f"/pages/{store.name}/"
        if path.startswith(site):
            name = path.removeprefix(site)
            if name == "versions.json" and simulated_ci.site_workflow:
                return Response(other_services.site_versions(simulated_ci), media_type="application/json")
            if name in ("", "index.html"):
                return HTMLResponse(other_services.site_page(simulated_ci))
            return Response("Not Found", 404)
        page = web_page(store, path) if path.startswith(f"/{store.name}") else None
        return HTMLResponse(page) if page else Response("Not Found", 404)


def _index(store: Store, simulated_ci: SimulatedCi, package: str) -> Response:
    files = store.packages.get(package) or simulated_ci.published_files(package)
    if not files:
        return Response("Not Found", 404)
    return JSONResponse(other_services.index_page(package, files), media_type=other_services.INDEX_TYPE)


def _package(simulated_ci: SimulatedCi, path: str) -> Response:
    """A package of npm's registry or of the index of crates.io."""
    versions = simulated_ci.published_versions()
    if not versions:
        return Response("Not Found", 404)
    name = path.removeprefix("/npm/").rpartition("/crates/")[2]
    return Response(other_services.registry_page(path.startswith("/npm/"), name, versions))


def _registry(store: Store, simulated_ci: SimulatedCi, path: str, headers: dict[str, str]) -> Response:
    image, _, reference = path.removeprefix("/v2/").partition("/manifests/")
    if headers.get("authorization") != f"Bearer {other_services.ANONYMOUS}":
        error = {"errors": [{"code": "UNAUTHORIZED", "message": "authentication required"}]}
        return JSONResponse(error, 401, headers={"WWW-Authenticate": other_services.challenge(store.url, image)})
    content = other_services.manifest(store, simulated_ci, image, reference)
    if content is None:
        return JSONResponse({"errors": [{"code": "MANIFEST_UNKNOWN", "message": "manifest unknown"}]}, 404)
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    return Response(content, media_type=other_services.MANIFEST_TYPE, headers={"Docker-Content-Digest": digest})


def _authenticated(store: Store, request: Request) -> User | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if not token:
        return None
    user = store.user_of_token(token.strip()) if scheme.lower() in ("bearer", "token") else None
    if user is None:
        raise Refused(401, "Bad credentials")
    return user


def _of_token(user: User | None) -> dict[str, str]:
    """What the headers of an answer tell about the token."""
    headers = {"X-OAuth-Scopes": ", ".join(user.scopes)} if user and user.scopes is not None else {}
    if user and user.expires:
        headers["github-authentication-token-expiration"] = f"{user.expires:%Y-%m-%d %H:%M:%S UTC}"
    return headers


def _count(store: Store, *, anonymous: bool = False) -> None:
    """Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api"""
    if store.server_version:
        return
    if anonymous:
        if store.anonymous_limit <= 0:
            raise Refused(
                403,
                "API rate limit exceeded for 127.0.0.1. (But here's the good news: Authenticated requests get a higher "
                "rate limit. Check out the documentation for more details.)",
            )
        store.anonymous_limit -= 1
        return
    if store.rate_limit <= 0:
        raise Refused(403, "API rate limit exceeded for user.")
    store.rate_limit -= 1


def _require_open(repository: Store, method: str) -> None:
    """Source: https://docs.github.com/en/repositories/archiving-a-github-repository/archiving-repositories and
    https://github.com/googleapis/repo-automation-bots/issues/1852"""
    if repository.disabled:
        raise Refused(403, "Repository access blocked")
    if repository.archived and method != "GET":
        raise Refused(403, "Repository was archived so is read-only.")


def _repository(store: Store, request: Request, *, everywhere: bool) -> Store:
    """The repository that a path names; the sample's where it names none."""
    parameters = request.path_params
    if "name" not in parameters:
        return store
    found = store.repository(f"{parameters['owner']}/{parameters['name']}")
    if found is None or (found is not store and not everywhere):
        raise not_found()
    return found


def _api(method: str, path: str) -> str:
    """Where the part of the API is that a route belongs to."""
    return "/api/uploads" if _takes_file(method, path) else "/api/v3"


def _takes_file(method: str, path: str) -> bool:
    """Whether a request's body is a file. GitHub takes these at a host of their own, an Enterprise Server below a path:
    https://docs.github.com/en/enterprise-server@3.19/rest/releases/assets#upload-a-release-asset"""
    return method == "POST" and path.endswith("/assets")


def _call(store: Store, simulated_ci: SimulatedCi, user: User | None, request: Request, body: bytes) -> Call:
    is_file = _takes_file(request.method, request.url.path)
    try:
        data = json.loads(body) if body and not is_file else {}
    except ValueError:
        raise Refused(400, "Problems parsing JSON") from None
    if isinstance(data, list) and request.url.path.endswith("/labels"):
        data = {"labels": data}  # GitHub takes a bare list of labels, too
    if not isinstance(data, dict):
        raise Refused(400, "Body should be a JSON object")
    own = str(request.url.replace(query=""))
    path = {name: str(value) for name, value in request.path_params.items()}
    file = (body, request.headers.get("content-type", "")) if is_file else None
    return Call(store, simulated_ci, user, path, dict(request.query_params), data, own, f"{store.url}/api/v3", file)


def _answered(answer: Answer, request: Request, store: Store) -> Response:
    if answer.status == 204:
        return Response(status_code=204, headers=_common(store))
    content = json.dumps(answer.data).encode()
    etag = f'W/"{hashlib.sha256(content).hexdigest()}"'
    headers = {**answer.headers, **_common(store), "ETag": etag}
    if request.method == "GET" and request.headers.get("if-none-match") == etag:
        if "authorization" in request.headers:  # else it counts
            store.rate_limit += 1
        return Response(status_code=304, headers={**headers, **_common(store)})
    return Response(content, answer.status, headers=headers, media_type="application/json")


def _refused(error: Refused, store: Store | None = None) -> Response:
    body: Json = error.body()
    return JSONResponse(body, error.status, headers={**(_common(store) if store else {}), **error.headers})


def _common(store: Store, resource: str = "core", *, anonymous: bool = False) -> dict[str, str]:
    """The headers of every answer. An Enterprise Server says its version, and has no limits unless an admin sets some.

    Source: https://docs.github.com/en/enterprise-server@3.14/admin/configuring-settings/configuring-user-applications-for-your-enterprise/configuring-rate-limits
    """
    common = {"X-GitHub-Media-Type": "github.v3; format=json", "Access-Control-Allow-Origin": "*"}
    if store.server_version:
        return {**common, "X-GitHub-Enterprise-Version": store.server_version}
    limit, left = (60, store.anonymous_limit) if anonymous else (5000, store.rate_limit)
    return {
        **common,
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(max(left, 0)),
        "X-RateLimit-Reset": str(RESET),
        "X-RateLimit-Used": str(limit - left),
        "X-RateLimit-Resource": resource,
    }


def _logged(requests: Requests, request: Request, response: Response) -> Response:
    requests.log.append((request.method, _full_path(request), response.status_code))
    return response


def _full_path(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
