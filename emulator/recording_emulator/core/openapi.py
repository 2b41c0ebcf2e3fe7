"""The OpenAPI document of a vendor's own API, made from its catalogue."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

import msgspec

from recording_emulator import __version__
from recording_emulator.core.surface import Operation, Refused, Row, Surface

JSON: Final = "application/json"
SDK: Final = "SDK"
"""In place of a method: a call that an SDK makes over its connection."""
_REF: Final = "#/components/schemas/{name}"

Schemas: TypeAlias = Mapping[str, Any]
"""JSON schemas of types, by the ``repr`` of the type."""


def document(vendor: str, surface: Surface) -> dict[str, Any]:
    """Describe every operation: where it is, what it takes, each answer it can give.

    The statuses of an operation are 200 and those of its rows; each row is an example of its
    status. Paths stand below the vendor's prefix on the server that serves this document; where
    only the query tells operations apart, it stands behind a ``#``, which no client sends. The
    methods of an SDK are no paths; they are named under ``x-sdk-methods``.
    """
    schemas, components = _schemas(surface)
    paths: dict[str, dict[str, Any]] = {}
    spoken = [each.name for each in surface.operations if each.method == SDK]
    for each in surface.operations:
        if each.method == SDK:
            continue
        for value in _variants(each, surface, schemas):
            path = each.path.replace(f"{{{surface.shapes.variant}}}", value) if value else each.path
            told = _operation(each, value, path, surface, schemas)
            paths.setdefault(path.replace("?", "#"), {})[each.method.lower()] = told
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{vendor}, as emulated",
            "version": __version__,
            "description": "Made from the catalogue: `recording-emulator surface` prints it, with "
            "where each row is from. Statuses of 500 and above come from faults only.",
        },
        "servers": [{"url": f"/{vendor}"}],
        "security": [{name: [] for name in surface.shapes.security}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": dict(surface.shapes.security),
        },
        **({"x-sdk-methods": spoken} if spoken else {}),
    }


def _schemas(surface: Surface) -> tuple[Schemas, dict[str, Any]]:
    """Make the schemas of every type, and of the structs in them."""
    shapes = surface.shapes
    kinds = [
        *(body.kind for body in surface.bodies),
        *(kind for each in shapes.answers.values() for kind in each),
        *(each.kind for each in (*shapes.refusals.values(), shapes.denial)),
        *shapes.parameters.values(),
        *shapes.query.values(),
        *shapes.envelope.values(),
        *shapes.headers.values(),
    ]
    schemas, components = msgspec.json.schema_components(kinds, ref_template=_REF)
    public = {name: _public(each, shapes.refused) for name, each in components.items()}
    told = [_public(each, shapes.refused) for each in schemas]
    return dict(zip(map(repr, kinds), told, strict=True)), public


def _public(schema: Any, refused: frozenset[str]) -> Any:
    r"""Leave out what is ours alone, and write patterns as JSON Schema has them.

    >>> schema = {"properties": {"#tag": {}, "a": {"pattern": "^a\\Z"}}, "required": ["#tag"]}
    >>> _public(schema, frozenset())
    {'properties': {'a': {'pattern': '^a$'}}, 'required': []}
    """
    if isinstance(schema, list):
        return [_public(each, refused) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found: dict[str, Any] = {}
    for name, each in schema.items():
        if name == "properties":
            fields = {
                field: _public(inner, refused)
                for field, inner in each.items()
                if field[0].isalpha() and not (inner == {} and field in refused)
            }
            found[name] = fields
        elif name == "required":
            found[name] = [field for field in each if field in found["properties"]]
        elif name == "pattern":
            found[name] = each.replace(r"\Z", "$")
        elif name == "default":
            found[name] = msgspec.json.decode(msgspec.json.encode(each))  # a tuple is a list there
        else:
            found[name] = _public(each, refused)
    return found


def _variants(operation: Operation, surface: Surface, schemas: Schemas) -> Iterator[str]:
    """Name the variants of an operation; an empty text if it has none."""
    shapes = surface.shapes
    if f"{{{shapes.variant}}}" not in operation.path:
        yield ""
        return
    for value in schemas[repr(shapes.parameters[shapes.variant])]["enum"]:
        if operation.name in shapes.answers or f"{operation.name} {value}" in shapes.answers:
            yield value


def _operation(
    operation: Operation, value: str, path: str, surface: Surface, schemas: Schemas
) -> dict[str, Any]:
    names = (f"{operation.name} {value}", operation.name)
    answers = next(
        (surface.shapes.answers[name] for name in names if name in surface.shapes.answers), ()
    )
    told: dict[str, Any] = {
        "operationId": f"{operation.name}_{value}" if value else operation.name,
        "description": f"Source: {operation.source} ({operation.basis}).",
        "parameters": [
            {
                "name": name,
                "in": "path",
                "required": True,
                "schema": schemas.get(
                    repr(surface.shapes.parameters.get(name)), {"type": "string"}
                ),
            }
            for name in re.findall(r"{(\w+)}", path)
        ]
        + _query(path, surface, schemas),
        "responses": _responses(
            operation.name, [schemas[repr(kind)] for kind in answers], surface, schemas
        ),
    }
    by_name = {body.operation: body for body in surface.bodies}
    body = next((by_name[name] for name in names if name in by_name), None)
    if body is not None:
        schema = _enveloped(schemas[repr(body.kind)], surface, schemas)
        told["requestBody"] = {"required": True, "content": {JSON: {"schema": schema}}}
    return told


def _responses(
    operation: str, answers: list[dict[str, Any]], surface: Surface, schemas: Schemas
) -> dict[str, Any]:
    """Describe the answers by status; a vendor may answer its errors with 200, too."""
    headers = {
        name: {"schema": schemas[repr(kind)]} for name, kind in surface.shapes.headers.items()
    }
    rows: dict[int, list[Row]] = {200: []}
    for row in surface.errors_of(operation):
        rows.setdefault(row.http, []).append(row)
    told: dict[str, Any] = {}
    for http, found in sorted(rows.items()):
        bodies = list(answers) if http == 200 else []
        content: dict[str, Any] = {"schema": _any_of(bodies)}
        when = ["Success."] if http == 200 else []
        if found:
            refused, examples = _refused(operation, found, surface, schemas)
            content = {"schema": _any_of([*bodies, *refused]), "examples": examples}
            when.append("; ".join(dict.fromkeys(row.when for row in found)))
        told[str(http)] = {
            "description": " ".join(when),
            "content": {JSON: content},
            "headers": headers,
        }
    return told


def _query(path: str, surface: Surface, schemas: Schemas) -> list[dict[str, Any]]:
    """Describe the query: what the path fixes of it, and what every call has."""
    fixed = dict(re.findall(r"[?&](\w+)=(\w+)", path))
    found: dict[str, Any] = {name: {"enum": [value]} for name, value in fixed.items()}
    found |= {name: schemas[repr(kind)] for name, kind in surface.shapes.query.items()}
    return [
        {"name": name, "in": "query", "required": True, "schema": schema}
        for name, schema in found.items()
    ]


def _enveloped(schema: dict[str, Any], surface: Surface, schemas: Schemas) -> dict[str, Any]:
    """Put a body where it stands in a request."""
    shapes = surface.shapes
    if not shapes.inside:
        return schema
    fields = {name: schemas[repr(kind)] for name, kind in shapes.envelope.items()}
    fields[shapes.inside] = schema
    return {"type": "object", "properties": fields, "required": list(fields)}


def _refused(
    operation: str, rows: list[Row], surface: Surface, schemas: Schemas
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Describe the rows of one status: their bodies with their codes, and each as an example."""
    shapes = surface.shapes
    coded = shapes.refusals.get(operation) or shapes.refusals[""]
    codes = [row.code for row in rows if row.code is not None]
    bodies = []
    if codes:
        only = {"properties": {coded.code: {"enum": list(dict.fromkeys(codes))}}}
        bodies.append({**schemas[repr(coded.kind)], **only})
    if len(codes) < len(rows):
        bodies.append(schemas[repr(shapes.denial.kind)])
    examples = {
        row.id: {
            "summary": f"{row.when} ({row.source})",
            "value": _example(row, shapes.denial if row.code is None else coded),
        }
        for row in rows
    }
    return bodies, examples


def _example(row: Row, body: Refused) -> dict[str, Any]:
    text = {body.text: row.text or row.when}
    return text if row.code is None else {body.code: row.code, **text}


def _any_of(schemas: list[dict[str, Any]]) -> dict[str, Any]:
    if len(schemas) < 2:
        return schemas[0] if schemas else {}
    return {"anyOf": schemas}
