"""The JSON Schema of scenario files, for editors; made from the document's own types."""

from __future__ import annotations

from typing import Any

import msgspec

from recording_emulator.scenario import document as doc

ID = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """Describe a scenario file."""
    (root,), components = msgspec.json.schema_components(
        [doc.Scenario], ref_template="#/$defs/{name}"
    )
    components["Moment"]["oneOf"] = [{"required": [name]} for name in doc.VERBS]
    components["Call"]["oneOf"] = [{"required": [name]} for name in doc.ACTS]
    components["Expectation"]["oneOf"] = [{"required": [name]} for name in doc.EXPECTATIONS]
    count = [{"required": [name]} for name in ("event", "operation")]
    components["ExpectedCount"]["oneOf"] = count
    return {
        "$schema": ID,
        "title": "recording-emulator scenario",
        **components.pop(root["$ref"].rpartition("/")[2]),
        "$defs": components,
    }


def text() -> bytes:
    """Write the schema as it is published."""
    return msgspec.json.format(msgspec.json.encode(schema()), indent=2) + b"\n"
