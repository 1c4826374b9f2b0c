"""Problems as answers: RFC 9457, in the reader's language, with a stable code."""

from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from amparo.kernel import texts
from amparo.kernel.errors import Problem, TooMany, Unavailable
from amparo.storage.http import reader_language

log = structlog.get_logger(__name__)
MEDIA_TYPE = "application/problem+json"
_BY_STATUS = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}


def problem_members(problem: Problem, language: str) -> dict[str, Any]:
    """The members of a problem document."""
    return members(problem.code, problem.status, language, problem.params)


def members(code: str, status: int, language: str, params: dict[str, Any]) -> dict[str, Any]:
    """The members of a problem document for a code and its values."""
    known = code if texts.has(f"problem.{code}") else "internal"
    title = texts.text(language, f"problem.{known}", **params)
    detail_key = f"problem.{known}.detail"
    detail = texts.text(language, detail_key, **params) if texts.has(detail_key) else title
    return {
        "type": f"urn:amparo:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "params": {key: _plain(value) for key, value in params.items()},
    }


def answer(code: str, status: int, request: Request, **params: Any) -> Response:
    """A problem as an HTTP answer."""
    content = members(code, status, reader_language(request), params)
    return JSONResponse(content, status_code=status, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Answer every failure of the app with a problem document."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_fault)


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    response = answer(error.code, error.status, request, **error.params)
    if isinstance(error, TooMany | Unavailable) and error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    if error.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


async def _on_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    fields = [
        {"field": ".".join(str(part) for part in fault["loc"]), "rule": fault["type"]}
        for fault in error.errors()[:20]
    ]
    return answer("request_invalid", 422, request, fields=fields)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = _BY_STATUS.get(error.status_code, "request_refused")
    response = answer(code, error.status_code, request)
    response.headers.update(error.headers or {})
    return response


async def _on_fault(request: Request, error: Exception) -> Response:
    log.error("request_failed", path=request.url.path, exc_info=error)
    return answer("internal", 500, request)


def _plain(value: object) -> Any:
    return (
        value if isinstance(value, (str, int, float, bool, list, dict, type(None))) else str(value)
    )
