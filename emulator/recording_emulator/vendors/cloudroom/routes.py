"""The HTTP API (WEB API): read, authenticate, decode, submit, render; ``netDisk/query`` as JSONP.

Order of checks: path → what every body has → the account → ``SecretKey`` → the call's own (sheet
§6.1; the order is assumed).
"""

import hmac
import re
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec

from recording_emulator.core.inputs import Answer, Call, Denied
from recording_emulator.runtime.hand import Hand
from recording_emulator.vendors.base import Request, Response
from recording_emulator.vendors.cloudroom import errors, replies, requests
from recording_emulator.vendors.cloudroom.settings import Settings
from recording_emulator.vendors.cloudroom.signatures import MD5, md5, secret_key

JSON: Final = (b"content-type", b"application/json; charset=utf-8")
SCRIPT: Final = (b"content-type", b"application/javascript; charset=utf-8")
PREFIXES: Final = ("/CLOUDROOM-API/", "/CLOUDMEETING-API/")
MAX_FIELDS: Final = 64
_NAME: Final = re.compile(r"[A-Za-z_$][A-Za-z0-9_$.]{0,99}\Z")
_COMPANY: Final = re.compile(r"[0-9]{1,16}\Z")


class Asked(msgspec.Struct, frozen=True):
    """What a request says, before anybody knows whose it is.

    ``fields`` None: nothing that could be read. ``script`` is the function of a JSONP call,
    ``file`` what came with an upload; ``is_cut`` says that it is more than the server takes.
    """

    operation: str
    fields: dict[str, Any] | None
    script: str = ""
    file: bytes = b""
    is_cut: bool = False

    def text(self, name: str) -> str:
        """Return a field as text, whatever the case of its name."""
        for key, value in (self.fields or {}).items():
            if key.lower() == name and isinstance(value, str | int):
                return str(value)
        return ""


def asked(request: Request) -> Asked:
    """Read a request as far as it goes; never raises for it."""
    prefix = next((each for each in PREFIXES if request.path.startswith(each)), "")
    name = request.path[len(prefix) :].strip("/") if prefix else ""
    operation = name if name in requests.BODIES else ""
    if request.method == "GET" and operation == errors.Q:
        return _from_query(operation, request.query)
    if request.method != "POST":
        return Asked("", None)
    if operation == errors.UPLOAD:
        if request.too_large:
            return Asked(operation, {}, is_cut=True)
        fields, file = _from_form(request)
        return Asked(operation, fields, file=file)
    return Asked(operation, None if request.too_large else requests.parsed(request.body))


def _from_query(operation: str, query: str) -> Asked:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        return Asked(operation, None)
    fields: dict[str, Any] = dict(pairs)
    script = fields.pop("callback", "")
    if script and not _NAME.match(script):
        return Asked(operation, None)
    return Asked(operation, fields, script)


def _from_form(request: Request) -> tuple[dict[str, Any] | None, bytes]:
    """Read a form with a file."""
    kind = request.headers.get(b"content-type", b"")
    head = b"Content-Type: " + kind.replace(b"\r", b"").replace(b"\n", b"") + b"\r\n\r\n"
    form = BytesParser(policy=HTTP).parsebytes(head + request.body)
    if not form.is_multipart():
        return None, b""
    fields: dict[str, Any] = {}
    file: bytes | None = None
    for part in form.iter_parts():
        name = part.get_param("name", header="content-disposition")
        raw = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(raw, bytes):
            continue
        if name.lower() == "file":
            file = raw
        else:
            fields[name] = raw.decode("utf-8", "replace")
    return (None, b"") if file is None else (fields, file)


def keys(request: Asked) -> tuple[tuple[str, str, str], ...]:
    """Name whose request it may be: by the company, or by the AppId of a JSONP call."""
    found = (("comp_id", request.text("compid")), ("app_id", request.text("username")))
    return tuple(("cloudroom", kind, value) for kind, value in found if value)


def problem(request: Asked) -> tuple[str, str] | None:
    """Check what can be judged without knowing whose call it is: a row, and why."""
    if not request.operation:
        return errors.NO_ROUTE, f"POST {PREFIXES[0]}… with {', '.join(requests.BODIES)}"
    if request.is_cut:  # as if it were over 500 MB
        return errors.TOO_LARGE, "over 500 MB, or over what this server takes"
    if request.fields is None:
        return errors.NO_PARAMETERS, "the body is a JSON object, that of an upload a form"
    is_app = bool(request.text("username")) and not request.text("compid")
    names = ("RequestId", "UserName", "UserPswd") if is_app else (
        "RequestId", "CompID", "SecretKey",
    )  # fmt: skip
    for name in names:
        if not request.text(name.lower()):
            return errors.NO_PARAMETERS, f"{name} is not there"
    if not is_app and not _COMPANY.match(request.text("compid")):
        return errors.NO_PARAMETERS, "CompID is a number"
    return None


def denial(request: Asked, hand: Hand) -> tuple[str, str] | None:
    """Check everything that comes before the call's own fields."""
    found = problem(request)
    if found is not None:
        return found
    own = hand.credentials["cloudroom"]
    if not hand.settings("cloudroom").api_open:
        return errors.FORBIDDEN, "setting api_open"
    if request.text("compid"):
        shown = request.text("secretkey")
        right, how = secret_key(own["comp_id"], own["comp_secret"]), 'MD5(CompID + "&" + secret)'
    else:
        shown, right, how = request.text("userpswd"), md5(own["app_secret"]), "MD5(AppSecret)"
    is_right = bool(MD5.match(shown)) and (
        hand.is_open or hmac.compare_digest(shown.encode(), right.encode())
    )
    return None if is_right else (errors.BAD_SECRET, f"expected {how}, in lower-case hex")


async def handle(request: Request, hand: Hand) -> Response:
    """Carry one request through to its response."""
    given: Asked = request.decoded
    denied = denial(given, hand)
    if denied is not None:
        answer = hand.apply(Denied("cloudroom", given.operation or "unrouted", *denied))
    else:
        assert given.fields is not None
        fields = given.fields
        if not given.text("compid"):  # a JSONP call of an app: the company is not in it
            fields = {**_without_app(fields), "CompID": 0, "SecretKey": "-"}
        read, notes = requests.read(given.operation, fields, given.file)
        answer = await hand.call(Call("cloudroom", given.operation, read, notes))
    settings = hand.settings("cloudroom")
    return respond(answer, given, hand.world.files_url, settings)


def _without_app(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        name: each for name, each in fields.items() if name.lower() not in ("username", "userpswd")
    }


def respond(answer: Answer, given: Asked, files_url: str, settings: Settings) -> Response:
    """Render an answer, as a script where one was asked for."""
    status, body = replies.render(answer, given.operation, files_url, settings)
    kind = JSON
    if given.script:
        kind, body = SCRIPT, given.script.encode() + b"(" + body + b");"
    return Response(status, body, (kind,), answer.hint, answer.call, answer.spoil)


def unclaimed(request: Request, hint: str) -> Response:
    """Answer a request that belongs to no tenant."""
    given: Asked = request.decoded
    found = problem(given)
    row, why = found if found is not None else (errors.NO_ACCOUNT, hint)
    return respond(Answer(0, row, why), given, "", Settings())
