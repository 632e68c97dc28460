"""OpenAPI 3.1 of /api/v1, made from the same types that check what comes in."""

from functools import cache
from typing import Any, Final

import msgspec

from mingshi.domain.roles import Permission
from mingshi.web.api.shapes import Problem, RegistrationIn, RegistrationOut, RulingsOut, StatementOut
from mingshi.web.asking import Ask, Given, Raw, get

_TYPES: Final = (RegistrationIn, RegistrationOut, RulingsOut, StatementOut, Problem)
_ALWAYS: Final = {
    401: "no token, or one that is over",
    429: "too many requests",
    503: "nothing could be kept; ask again",
}
_ID: Final = {"in": "path", "required": True, "schema": {"type": "string"}}


@cache
def document() -> bytes:
    """The document."""
    schemas, parts = msgspec.json.schema_components(_TYPES, ref_template="#/components/schemas/{name}")
    named = dict(zip((one.__name__ for one in _TYPES), schemas, strict=True))

    def answers(kind: str, status: int, *others: int) -> dict[str, Any]:
        said = {str(status): {"description": "done", "content": {"application/json": {"schema": named[kind]}}}}
        wrong = {"application/problem+json": {"schema": named["Problem"]}}
        told = _ALWAYS | dict.fromkeys(others, "see `code`")
        return said | {str(one): {"description": text, "content": wrong} for one, text in sorted(told.items())}

    key = {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "schema": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$"},
        "description": "names the call: sent again, it is answered again and done once",
    }
    paths = {
        "/api/v1/registrations": {
            "post": {
                "operationId": "register",
                "summary": "报备 / register a client",
                "parameters": [key],
                "requestBody": {"required": True, "content": {"application/json": {"schema": named["RegistrationIn"]}}},
                "responses": answers("RegistrationOut", 201, 400, 404, 409, 413, 415, 422),
            }
        },
        "/api/v1/registrations/{registration}": {
            "get": {
                "operationId": "registration",
                "summary": "报备状态 / how a registration stands",
                "parameters": [{"name": "registration", **_ID}],
                "responses": answers("RegistrationOut", 200, 404),
            }
        },
        "/api/v1/rulings": {
            "get": {
                "operationId": "rulings",
                "summary": "判客结果 / rulings on one's own registrations",
                "responses": answers("RulingsOut", 200),
            }
        },
        "/api/v1/rulings/{deal}": {
            "get": {
                "operationId": "ruling",
                "summary": "一单的判客结果 / the ruling of one deal",
                "parameters": [{"name": "deal", **_ID}],
                "responses": answers("RulingsOut", 200, 404),
            }
        },
        "/api/v1/statement": {
            "get": {
                "operationId": "statement",
                "summary": "对账单 / what was posted",
                "responses": answers("StatementOut", 200),
            }
        },
    }
    return msgspec.json.encode(
        {
            "openapi": "3.1.0",
            "info": {"title": "mingshi 明示", "version": "1.0.0", "description": "docs/integrate.md"},
            "security": [{"agency": []}],
            "paths": paths,
            "components": {
                "schemas": parts,
                "securitySchemes": {"agency": {"type": "http", "scheme": "bearer"}},
            },
        }
    )


def openapi(_: Ask) -> Given:
    """The document."""
    return Raw(document(), "application/json")


WAYS = (get("/api/v1/openapi.json", Permission.PUBLIC_PAGE_READ, openapi),)
