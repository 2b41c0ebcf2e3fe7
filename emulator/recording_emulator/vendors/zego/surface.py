"""ZEGO's surface catalogue: what is emulated, row by row, with where each row comes from."""

from typing import Final

from recording_emulator.core.surface import Absent, Basis, Limit, Operation, Surface
from recording_emulator.vendors.zego.callbacks import EVENTS
from recording_emulator.vendors.zego.errors import ROWS
from recording_emulator.vendors.zego.faults import POINTS
from recording_emulator.vendors.zego.fields import BODIES, STATES
from recording_emulator.vendors.zego.shapes import SHAPES

_DOC: Final = Basis.DOCUMENTED
_ASSUMED: Final = Basis.ASSUMED

SURFACE: Final = Surface(
    operations=tuple(
        Operation(body.operation, "POST", f"/?Action={body.operation}", body.source, _DOC)
        for body in BODIES
    ),
    bodies=BODIES,
    states=STATES,
    shapes=SHAPES,
    errors=ROWS,
    events=EVENTS,
    faults=POINTS,
    absent=(
        Absent("API v1", "for customers before 2021-09-10; its paths are answered 404"),
        Absent("callbacks v1", "for services activated before 2021-11-29"),
        Absent("encryption, room tokens, recording templates", "arranged with support, no API"),
        Absent("dynamic PPT", "IsPPTAnimation is accepted; a whiteboard shows its WhiteboardId"),
        Absent("images in the picture", "none is fetched or drawn; that one fails is a fault"),
        Absent("last frames", "a camera that is off is grey, with FrameFillMode 1 as with 2"),
    ),
    limits=(
        Limit("signature_s", "600 both ways", "DOC; that it is both ways is assumed", _ASSUMED),
        Limit("calls_per_second", "50 to start and stop, 10 else, per AppId", "DOC", _DOC),
        Limit("concurrent_tasks", "1000", "DOC, mainland; overseas 200", _DOC),
        Limit("streams", "36 single, 25 mixed", "DOC FAQ", _DOC),
        Limit("views", "25", "DOC start-record", _DOC),
        Limit("picture", "1920 x 1080", "DOC start-record", _DOC),
        Limit("MaxIdleTime_s", "5..86400, default 30", "DOC start-record", _DOC),
        Limit("MaxRecordTime_s", "300..86400, default 86400", "DOC start-record", _DOC),
        Limit("SnapshotInterval_s", "5..3600, default 10", "DOC start-record", _DOC),
        Limit("FragmentSeconds", "2..60, default 15", "DOC start-record", _DOC),
        Limit("query_days", "3 from the begin", "DOC describe-record-status", _DOC),
        Limit("backup_days", "3", "DOC FAQ", _DOC),
        Limit("no_stream_s", "30", "DOC end-callback", _DOC),
        Limit("callback_retries", "2, 5 s after the request before", "DOC end-callback", _DOC),
        Limit("callback_answer_s", "5", "assumed: no time-out is documented", _ASSUMED),
        Limit("takeover_s", "120", "DOC FAQ", _DOC),
        Limit("file_name_bytes", "255", "assumed: quit_reason 1002 names no number", _ASSUMED),
        Limit("body_bytes", "1048576", "ours, assumed", _ASSUMED),
    ),
)  # fmt: skip
