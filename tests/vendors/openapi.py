"""A vendor's OpenAPI document as schemathesis reads it, and what its answers are held against."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from recording_emulator.core import openapi
from recording_emulator.core.surface import Surface

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
BOUNDED = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


class Document:
    """The document, whole and by operation."""

    def __init__(self, vendor: str, surface: Surface) -> None:
        self.plain = openapi.document(vendor, surface)
        self.api = schemathesis.openapi.from_dict(self.plain)
        found: list[Any] = list(self.api.get_all_operations())
        self.operations = {each.ok().definition.raw["operationId"]: each.ok() for each in found}

    def cases(self, name: str) -> st.SearchStrategy[Any]:
        """Draw calls that fit the document, and calls that do not."""
        operation = self.operations[name]
        fitting: st.SearchStrategy[Any] = operation.as_strategy(GenerationMode.POSITIVE)
        other: st.SearchStrategy[Any] = operation.as_strategy(GenerationMode.NEGATIVE)
        return fitting | other

    def check_examples(self, more: Callable[[str], dict[str, Any]] = lambda _: {}) -> None:
        """Be sure that every example of an error fits its schema.

        ``more`` is what every answer of an operation has and an example leaves out.
        """
        for name, operation in self.operations.items():
            request = httpx.Request(operation.method, f"http://e{operation.path}")
            for status, told in operation.definition.raw["responses"].items():
                for example in told["content"]["application/json"].get("examples", {}).values():
                    value = {**example["value"], **more(name)}
                    answer = httpx.Response(int(status), json=value, request=request)
                    answer.elapsed = timedelta(0)
                    operation.validate_response(answer)


def session() -> requests.Session:
    """Make what calls are made with: no proxy of this machine is in their way."""
    made = requests.Session()
    made.trust_env = False
    return made
