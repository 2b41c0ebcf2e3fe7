"""The OpenAPI document of the control API, made from the declarations of its verbs."""

import inspect
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from recording_emulator import __version__
from recording_emulator.admin.bodies import ErrorBody
from recording_emulator.admin.verbs import Shape, Verb

_REF: Final = "#/components/schemas/{name}"


def document(verbs: Sequence[Verb]) -> dict[str, Any]:
    """Describe every verb: parameters, body, answer, errors."""
    kinds = [ErrorBody, *(kind for each in verbs for kind in _types(each))]
    schemas, components = msgspec.json.schema_components(kinds, ref_template=_REF)
    known = dict(zip(map(repr, kinds), schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for each in verbs:
        path = re.sub(r":int}", "}", each.path)
        paths.setdefault(path, {})[each.method.lower()] = _operation(each, known)
    return {
        "openapi": "3.1.0",
        "info": {"title": "recording-emulator control API", "version": __version__},
        "paths": paths,
        "components": {"schemas": components},
    }


def _types(verb: Verb) -> list[Any]:
    found = [verb.body] if verb.body is not None else []
    shape = verb.answer
    found += shape.values() if isinstance(shape, Mapping) else [shape] if shape else []
    return [*found, *verb.query.values()]


def _operation(verb: Verb, known: Mapping[str, Any]) -> dict[str, Any]:
    parameters = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "integer", "minimum": 0} if kind else {"type": "string"},
        }
        for name, kind in re.findall(r"{(\w+)(:int)?}", verb.path)
    ]
    parameters += [
        {"name": name, "in": "query", "schema": known[repr(kind)]}
        for name, kind in verb.query.items()
    ]
    content = {verb.media: {"schema": _schema(verb.answer, known)}}
    if verb.also:
        content[verb.also] = {"schema": {"type": "string"}}
    answer: dict[str, Any] = {"description": "Done."}
    if verb.status != 204:
        answer["content"] = content
    error = {"application/json": {"schema": known[repr(ErrorBody)]}}
    told: dict[str, Any] = {
        "operationId": f"{verb.handler.__module__.rpartition('.')[2]}_{verb.handler.__name__}",
        "summary": (inspect.getdoc(verb.handler) or verb.handler.__name__).partition("\n")[0],
        "parameters": parameters,
        "responses": {
            str(verb.status): answer,
            "4XX": {"description": "Nothing has changed; the message says why.", "content": error},
        },
    }
    if verb.body is not None:
        body = {"application/json": {"schema": known[repr(verb.body)]}}
        told["requestBody"] = {"required": True, "content": body}
    return told


def _schema(shape: Shape, known: Mapping[str, Any]) -> dict[str, Any]:
    if shape is None:
        return {"type": "string"}
    if not isinstance(shape, Mapping):
        return dict(known[repr(shape)])
    return {
        "type": "object",
        "properties": {name: known[repr(kind)] for name, kind in shape.items()},
        "required": list(shape),
    }
