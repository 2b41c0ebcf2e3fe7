"""How a ZEGO task begins: the start, and the recorder coming into the room.

Source:
    Sheet §5.1 (states; that status 2 comes a second later is assumed), §5.4 (a second start), §3
    (TaskId), §1.6 (concurrency; DOC).
"""

from typing import Final

from msgspec import UnsetType
from msgspec.structs import replace

from recording_emulator.core import ids, rooms
from recording_emulator.core.machine import (
    Arm,
    Claim,
    Count,
    Effect,
    Refusal,
    Reply,
    Step,
    Target,
    Tell,
    View,
)
from recording_emulator.core.timers import Tempo
from recording_emulator.core.uploads import Place
from recording_emulator.vendors.zego import checks, ending, errors, faults, inputs, storing
from recording_emulator.vendors.zego.bodies import InputParams, Mix, StartBody, Storage, VideoConfig
from recording_emulator.vendors.zego.files import STREAM_SIZE, Plan
from recording_emulator.vendors.zego.inputs import RECORDER, UPLOADER, Said
from recording_emulator.vendors.zego.panes import Canvas, layout_of
from recording_emulator.vendors.zego.task import State, Task

VOD_BUCKETS: Final = {5: "alibaba-vod", 6: "tencent-vod"}
TEMPLATES: Final = {
    1: "https://{bucket}.s3.{region}.amazonaws.com/",
    2: "https://{bucket}.{region}.aliyuncs.com/",
    3: "https://{bucket}.cos.{region}.myqcloud.com/",
    7: "https://{bucket}.obs.{region}.myhuaweicloud.com/",
    8: "https://storage.googleapis.com/{bucket}/",
    9: "https://{bucket}.{region}.cmecloud.cn/",
}
NO_FRAME: Final = 3
"""``FrameFillMode`` that shows nothing of a stream without a picture (DOC)."""
WITH_BOTH: Final = (3, 4)
"""``StreamType`` of tasks that record audio and video (DOC)."""
CONSOLE_BUCKET: Final = "console"
"""Our names for storage that has no bucket, and for what the console would name."""


def coming_task(given: inputs.StartRecord, view: View) -> str:
    """Return the TaskId that a start is going to get, without using it up.

    It is URL-safe base64 of 12 bytes: the second of the tenant's clock, big-endian, then 8 bytes
    that are drawn for the nth start of this room. At the vendor these look like a process and a
    counter over all rooms; drawn per room, what one room does changes no id in another.

    Source:
        Shape: sheet §3 (published samples); that the rest is not the vendor's counter is ours.
    """
    second = (view.now_ms // 1000) & 0xFFFFFFFF
    drawn = view.coming("zego.task", _task_key(given), 8)
    return ids.urlsafe(second.to_bytes(4, "big") + drawn)


def _task_key(given: inputs.StartRecord) -> str:
    return f"{given.app}/{given.room}"


def on_start(task: Task, given: inputs.StartRecord, view: View) -> Step | Refusal:
    problem = checks.length_problem(given.body, view.settings.max_record_h)
    if problem is not None:
        return Refusal(errors.INVALID, problem.hint, says=problem.says)
    limit = view.settings.concurrency
    if view.count(f"zego/{given.app}") >= limit:
        return Refusal(errors.CONCURRENCY, f"{limit} tasks are live (setting zego.concurrency)")
    if view.is_full:
        return Refusal(errors.CONCURRENCY, "the tenant's live_limit of things is reached")
    view.draw("zego.task", _task_key(given), 8)
    asked = given.body.RecordInputParams
    started = Task(
        state=State.INIT,
        task=task.task,
        app=given.app,
        begin_ms=view.now_ms,
        body=given.body,
        board=asked.Whiteboard[0].WhiteboardId if asked.Whiteboard else "",
    )
    plan = inputs.Prepare(_plan(started, view))
    claim: tuple[Effect, ...] = (Claim(started.claim),) if started.claim else ()
    return Step(
        started,
        (
            *claim,
            Count(started.counter, 1),
            Arm("join", view.settings.join_ms, inputs.Join(), Tempo.SHORT),
            Arm("length", asked.MaxRecordTime * 1000, inputs.LengthCap(), Tempo.EXPIRY),
            _company(started, view),
            Tell(Target(UPLOADER, task.task), plan),
            Tell(Target(RECORDER, task.task), plan),
            Reply(Said({"TaskId": task.task})),
        ),
    )


def _company(task: Task, view: View) -> Tell:
    """Let someone be in the room, if nobody has ever been, with a whiteboard if one is wanted."""
    number = ids.number(view.derive("zego.audience", task.task, 4), 1, 2**32 - 1)
    populate = rooms.Populate(str(number), board=task.asked.RecordInputParams.HasWhiteboard)
    return Tell(Target("room", f"zego/{task.room}"), populate)


def on_again(task: Task, _given: inputs.StartRecord, _view: View) -> Step:
    """Answer with the task that the caller's own key stands for; nothing else happens."""
    return Step(task, (Reply(Said({"TaskId": task.task})),))


def on_join(task: Task, _given: inputs.Join, view: View) -> Step:
    fault = view.fault(faults.RECORDER, task.room, tuple(faults.BEGINNINGS))
    if fault is not None:
        return ending.failed(task, faults.REASONS[fault.effect], view)
    broken = ending.fetched(task, view)
    entered = Tell(Target(RECORDER, task.task), inputs.Enter())
    return Step(replace(task, state=State.RECORDING), (*broken, entered))


# --- what recorder and uploader are told ----------------------------------------------------------


def _plan(task: Task, view: View) -> Plan:
    """Say what a task records, and into which files."""
    body = task.asked
    asked, output = body.RecordInputParams, body.RecordOutputParams
    storage = body.StorageParams
    where = storing.place(storage, view.settings.storage_endpoints)
    is_local = view.settings.file_urls == "local"
    plan = Plan(
        app=task.app,
        task=task.task,
        room=task.room,
        begin_ms=task.begin_ms,
        is_mixed=asked.is_mixed,
        stream_type=asked.StreamType,
        container=output.OutputFileFormat,
        max_idle_ms=asked.MaxIdleTime * 1000,
        url=output.CallbackUrl,
        files_at="" if is_local else _files_at(storage, where),
        bucket=_bucket(body),
        folder=_folder(output.OutputFolder),
        vendor=0 if isinstance(storage, UnsetType) else storage.Vendor,
        fills=asked.FillBlank,
        every_ms=output.SnapshotInterval * 1000,
        fragment_ms=output.FragmentSeconds * 1000,
        is_realtime=output.OutputFileFormat == "hls" and output.RealtimeUploadFragment,
        has_short_paths=output.ShortFragmentPath and output.RealtimeUploadFragment,
        place=where,
        cast=f"{RECORDER}/{task.task}",
    )
    if asked.HasWhiteboard:
        board = asked.Whiteboard[0]
        plan = replace(
            plan,
            has_board=True,
            board=task.board,
            board_size=(board.Width, board.Height),
            canvas=Canvas(board_shape=(board.HorizontalRatio, board.VerticalRatio)),
        )
    return _mixed(plan, asked) if asked.is_mixed else _single(plan, asked)


def _single(plan: Plan, asked: InputParams) -> Plan:
    """Add what counts when each stream has its own file.

    Source:
        Muted audio is left out only with StreamType 1, mp3 and RecordMuteAudio 2 (DOC).
    """
    is_sound = asked.StreamType == 1 and plan.container == "mp3"
    threshold_s = asked.RecordMuteAudioSplitThreshold
    return replace(
        plan,
        wanted=tuple(each.StreamId for each in asked.RecordStreamList),
        resumes=asked.ResumeWithoutInterruption,
        skips_silence=is_sound and asked.RecordMuteAudio == 2,
        split_ms=threshold_s * 1000 if threshold_s >= 0 else None,
    )


def _mixed(plan: Plan, asked: InputParams) -> Plan:
    """Add what counts when all streams are mixed; bit rates are in bits a second (DOC)."""
    mix = asked.mix
    video = mix.MixOutputVideoConfig
    if isinstance(video, VideoConfig):
        plan = replace(
            plan,
            canvas=_canvas(plan.canvas, asked, video),
            mix_fps=video.Fps,
            video_kbps=video.Bitrate // 1000,
        )
    return replace(
        plan,
        mix_id=mix.MixOutputStreamId,
        audio_kbps=mix.MixOutputAudioConfig.Bitrate // 1000,
        is_always_mixed=mix.IsAlwaysMix,
        has_waves=mix.RecordSoundWave,
        waves_by_user=mix.SoundWaveType == 1,
        hides_dark=asked.FillFrame.FrameFillMode == NO_FRAME,
        takes=_takes(mix, asked.StreamType),
    )


def _canvas(canvas: Canvas, asked: InputParams, video: VideoConfig) -> Canvas:
    return replace(
        canvas,
        size=(video.Width, video.Height),
        layout=layout_of(asked.mix),
        fill_mode=asked.mix.FillMode,
        fills=asked.FillBlank,
        stream_shape=STREAM_SIZE,
    )


def _takes(mix: Mix, stream_type: int) -> dict[str, int]:
    """Say what is taken of single streams.

    Source:
        StreamConfigList: only with StreamType 3 and 4; without a StreamId it is for all that are
        not named, and 0 is the task's own (DOC).
    """
    if stream_type not in WITH_BOTH:
        return {}
    return {each.StreamId: each.StreamType for each in mix.StreamConfigList}


def _bucket(body: StartBody) -> str:
    storage = body.StorageParams
    if isinstance(storage, UnsetType):
        return CONSOLE_BUCKET
    return VOD_BUCKETS.get(storage.Vendor, storage.Bucket)


def _files_at(storage: Storage | UnsetType, where: Place | None) -> str:
    """Write what the URLs of a storage begin with, in the style of its vendor (assumed)."""
    if where is not None and not where.is_named:
        return f"{where.url.rstrip('/')}/{where.bucket}/"
    if isinstance(storage, UnsetType):
        return ""
    if storage.Vendor != storing.S3_COMPATIBLE:
        template = TEMPLATES.get(storage.Vendor, "")
        return template.format(bucket=storage.Bucket, region=storage.Region)
    scheme, _, host = storage.EndPoint.rpartition("://")
    scheme, host = scheme or "https", host.rstrip("/")
    if storage.S3ForcePathStyle:
        return f"{scheme}://{host}/{storage.Bucket}/"
    return f"{scheme}://{storage.Bucket}.{host}/"


def _folder(folder: str) -> str:
    """Write a folder so that a file's name can follow (assumed)."""
    return folder if folder in ("", "/") or folder.endswith("/") else f"{folder}/"
