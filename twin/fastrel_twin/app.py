"""The ASGI application: routes, authentication, ETags, rate-limit headers, and the log of requests."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from functools import partial

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from fastrel_twin import elsewhere, graph, smart_http
from fastrel_twin.call import Answer, Call, Handler, Json, Refused, not_found
from fastrel_twin.faults import Faults, Wrong, begin
from fastrel_twin.outside import Outside
from fastrel_twin.rest import checks, code, deployments, issues, project, pulls, releases
from fastrel_twin.world import User, World

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


def application(world: World, outside: Outside, requests: Requests) -> Starlette:
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
            response = await run_in_threadpool(answer)
        requests.in_flight -= 1
        if fault and refuses:
            response = _refused(Refused(fault.status, fault.message, [dict(one) for one in fault.errors]), world)
        if fault:
            response.headers.update(fault.headers)
        return _logged(requests, request, response)

    def rest(handler: Handler, *, everywhere: bool) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            body = await request.body()
            return await answered(request, body, partial(_rest, world, outside, handler, request, body, everywhere))

        return endpoint

    async def graphql(request: Request) -> Response:
        body = await request.body()
        return await answered(request, body, partial(_graphql, world, outside, request, body))

    async def others(request: Request) -> Response:
        body = await request.body()
        response = await run_in_threadpool(_elsewhere, world, outside, request, body)
        return _logged(requests, request, response)

    async def unknown(request: Request) -> Response:
        return _logged(requests, request, _refused(not_found()))

    # `checks` before `code`: a commit's check runs before the commit itself, whose ref may hold slashes.
    routes = [
        Route(f"{_api(method, path)}{path}", rest(handler, everywhere=module in (project, issues)), methods=[method])
        for module in (project, issues, pulls, releases, checks, deployments, code)
        for method, path, handler in module.ROUTES
    ]
    routes.append(Route("/api/graphql", graphql, methods=["POST"]))
    routes.append(Route("/api/{rest:path}", unknown, methods=["GET", "POST", "PATCH", "PUT", "DELETE"]))
    routes.append(Route("/{path:path}", others, methods=["GET", "HEAD", "POST"]))
    return Starlette(routes=routes)


def _rest(
    world: World, outside: Outside, handler: Handler, request: Request, body: bytes, everywhere: bool
) -> Response:
    """`everywhere`: whether the repositories that have no git answer this, too."""
    with world.lock:
        outside.observe()
        try:
            user = _authenticated(world, request)
            _count(world)
            asked = _repository(world, request, everywhere=everywhere)
            answer = handler(_call(asked, outside, user, request, body))
        except Refused as error:
            return _refused(error, world)
        response = _answered(answer, request, world)
        response.headers.update(_of_token(user))
        return response


def _graphql(world: World, outside: Outside, request: Request, body: bytes) -> Response:
    with world.lock:
        outside.observe()
        try:
            user = _authenticated(world, request)
            if user is None:
                raise Refused(401, "This endpoint requires you to be authenticated.")
            _count(world)
            call = _call(world, outside, user, request, body)
        except Refused as error:
            return _refused(error, world)
        return JSONResponse(graph.execute(call), headers=_limits(world))


def _elsewhere(world: World, outside: Outside, request: Request, body: bytes) -> Response:
    path = request.url.path
    headers = {name.lower(): value for name, value in request.headers.items()}
    git = f"/{world.name}.git/"
    if path.startswith(git):
        status, fields, content = smart_http.serve_git(world, request.method, path, request.url.query, headers, body)
        if request.method == "POST":
            user = smart_http.user_of(world, headers.get("authorization", ""))
            with world.lock:
                outside.observe(starts_workflows=not (user and user.app))
        return Response(content, status, headers=fields)
    with world.lock:
        outside.observe()
        if path == "/registry-token":
            return JSONResponse({"token": elsewhere.ANONYMOUS})
        if path.startswith("/v2/"):
            return _registry(world, outside, path, headers)
        if path.startswith("/simple/"):
            return _index(world, outside, path.removeprefix("/simple/").strip("/"))
        site = f"/pages/{world.name}/"
        if path.startswith(site):
            name = path.removeprefix(site)
            if name == "versions.json":
                return Response(elsewhere.site_versions(outside), media_type="application/json")
            if name in ("", "index.html"):
                return HTMLResponse(elsewhere.site_page(outside))
            return Response("Not Found", 404)
        page = elsewhere.web_page(world, path) if path.startswith(f"/{world.name}") else None
        return HTMLResponse(page) if page else Response("Not Found", 404)


def _index(world: World, outside: Outside, package: str) -> Response:
    files = world.packages.get(package) or outside.published_files(package)
    if not files:
        return Response("Not Found", 404)
    return JSONResponse(elsewhere.index_page(package, files), media_type=elsewhere.INDEX_TYPE)


def _registry(world: World, outside: Outside, path: str, headers: dict[str, str]) -> Response:
    image, _, reference = path.removeprefix("/v2/").partition("/manifests/")
    if headers.get("authorization") != f"Bearer {elsewhere.ANONYMOUS}":
        error = {"errors": [{"code": "UNAUTHORIZED", "message": "authentication required"}]}
        return JSONResponse(error, 401, headers={"WWW-Authenticate": elsewhere.challenge(world.url, image)})
    content = elsewhere.manifest(world, outside, image, reference)
    if content is None:
        return JSONResponse({"errors": [{"code": "MANIFEST_UNKNOWN", "message": "manifest unknown"}]}, 404)
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    return Response(content, media_type=elsewhere.MANIFEST_TYPE, headers={"Docker-Content-Digest": digest})


def _authenticated(world: World, request: Request) -> User | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if not token:
        return None
    user = world.user_of_token(token.strip()) if scheme.lower() in ("bearer", "token") else None
    if user is None:
        raise Refused(401, "Bad credentials")
    return user


def _of_token(user: User | None) -> dict[str, str]:
    """What the headers of an answer tell about the token."""
    headers = {"X-OAuth-Scopes": ", ".join(user.scopes)} if user and user.scopes is not None else {}
    if user and user.expires:
        headers["github-authentication-token-expiration"] = f"{user.expires:%Y-%m-%d %H:%M:%S UTC}"
    return headers


def _count(world: World) -> None:
    if world.rate_limit <= 0:
        raise Refused(403, "API rate limit exceeded for user.")
    world.rate_limit -= 1


def _repository(world: World, request: Request, *, everywhere: bool) -> World:
    """The repository that a path names; the sample's where it names none."""
    parameters = request.path_params
    if "name" not in parameters:
        return world
    found = world.repository(f"{parameters['owner']}/{parameters['name']}")
    if found is None or (found is not world and not everywhere):
        raise not_found()
    return found


def _api(method: str, path: str) -> str:
    """Where the part of the API is that a route belongs to."""
    return "/api/uploads" if _takes_file(method, path) else "/api/v3"


def _takes_file(method: str, path: str) -> bool:
    """Whether a request's body is a file. GitHub takes these at a host of their own, an Enterprise Server below a path:
    https://docs.github.com/en/enterprise-server@3.19/rest/releases/assets#upload-a-release-asset"""
    return method == "POST" and path.endswith("/assets")


def _call(world: World, outside: Outside, user: User | None, request: Request, body: bytes) -> Call:
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
    return Call(world, outside, user, path, dict(request.query_params), data, own, f"{world.url}/api/v3", file)


def _answered(answer: Answer, request: Request, world: World) -> Response:
    if answer.status == 204:
        return Response(status_code=204, headers=_limits(world))
    content = json.dumps(answer.data).encode()
    etag = f'W/"{hashlib.sha256(content).hexdigest()}"'
    headers = {**answer.headers, **_limits(world), "ETag": etag}
    if request.method == "GET" and request.headers.get("if-none-match") == etag:
        if "authorization" in request.headers:  # else it counts
            world.rate_limit += 1
        return Response(status_code=304, headers={**headers, **_limits(world)})
    return Response(content, answer.status, headers=headers, media_type="application/json")


def _refused(error: Refused, world: World | None = None) -> Response:
    body: Json = error.body()
    return JSONResponse(body, error.status, headers=_limits(world) if world else {})


def _limits(world: World) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": "5000",
        "X-RateLimit-Remaining": str(max(world.rate_limit, 0)),
        "X-RateLimit-Reset": str(RESET),
        "X-RateLimit-Used": str(5000 - world.rate_limit),
        "X-GitHub-Media-Type": "github.v3; format=json",
        "Access-Control-Allow-Origin": "*",
    }


def _logged(requests: Requests, request: Request, response: Response) -> Response:
    requests.log.append((request.method, _full_path(request), response.status_code))
    return response


def _full_path(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
