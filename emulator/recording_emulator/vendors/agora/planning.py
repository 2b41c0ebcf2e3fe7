"""From the parameters of a start to what recorder, page and uploader are told of the task.

Source:
    Sheet §2.3 (which fields count in which mode), §5.4 (names).
"""

from typing import Final

from msgspec import UnsetType
from msgspec.structs import replace

from recording_emulator.core.machine import View
from recording_emulator.vendors.agora import checks, inputs, storing
from recording_emulator.vendors.agora.bodies import Layout as Picture
from recording_emulator.vendors.agora.bodies import RecordingConfig, StartParams, Subscription
from recording_emulator.vendors.agora.files import BOTH, Layout
from recording_emulator.vendors.agora.individual import GROUP_SIZES, IndividualStart
from recording_emulator.vendors.agora.task import Task
from recording_emulator.vendors.agora.web import WebStart

AUDIO_KBPS: Final = (48, 128, 192)
_DASHED: Final = str.maketrans(dict.fromkeys("!@#$%^&*()+_.=[]{}~|,;:?<>", "-"))
"""What becomes a dash in the names of web mode's files (DS manage-files)."""


def plan(task: Task, given: inputs.Start, view: View) -> inputs.Prepare:
    """Say what a task records, as whom and into which files."""
    params = given.params
    if isinstance(params, WebStart):
        prepared = _page(task, params)
    elif isinstance(params, IndividualStart):
        prepared = _individual(task, params, view)
    else:
        assert params is not None
        prepared = _mix(task, params)
    where = storing.place(params.storageConfig, view.settings.storage_endpoints)
    prepared = replace(prepared, place=where)
    if given.sts_life_ms is None:
        return prepared
    return replace(prepared, sts_life_ms=given.sts_life_ms)


def _mix(task: Task, params: StartParams) -> inputs.Prepare:
    config = params.recordingConfig
    layout = Layout(
        sid=task.sid,
        cname=task.cname,
        prefix=params.storageConfig.prefix,
        stream_types=config.streamTypes,
        kbps=_kbps(config),
        movies="mp4" in params.recordingFileConfig.avFileType,
        comma=_wants_comma(config.privateParams),
        width=config.transcodingConfig.width,
        height=config.transcodingConfig.height,
        fps=config.transcodingConfig.fps,
        cast=_cast_name(task),
    )
    return _prepare(
        task,
        params,
        layout,
        is_oversized=checks.is_oversized(params),
        picture=config.transcodingConfig,
    )


def _cast_name(task: Task, machine: str = inputs.RECORDER) -> str:
    return f"{machine}/{task.resource}"


def _kbps(config: RecordingConfig) -> int:
    audio = AUDIO_KBPS[config.audioProfile] if config.streamTypes != 1 else 0
    return audio + (config.transcodingConfig.bitrate if config.streamTypes != 0 else 0)


def _wants_comma(private: str) -> bool:
    return '"correctEXTINF":true' in private.replace(" ", "")


def _individual(task: Task, params: IndividualStart, view: View) -> inputs.Prepare:
    config = params.recordingConfig
    layout = Layout(
        sid=task.sid,
        cname=task.cname,
        prefix=params.storageConfig.prefix,
        stream_types=config.streamTypes,
        kbps=0,
        movies=False,
        comma=_wants_comma(config.privateParams),
        per_user=True,
        cast=_cast_name(task),
        merged=config.streamMode == "standard" and config.streamTypes == BOTH,
    )
    is_capped = view.settings.cap_uid_group
    scene = inputs.RECORDING if params.records else inputs.SNAPSHOTS
    return _prepare(
        task,
        params,
        layout,
        scene=inputs.POSTPONED if params.postponed is not None else scene,
        max_uids=GROUP_SIZES[config.subscribeUidGroup] if is_capped else 0,
        snapshot_ms=params.snapshot_ms,
        records=params.records,
    )


def _prepare(
    task: Task,
    params: StartParams | IndividualStart,
    layout: Layout,
    *,
    scene: str = inputs.RECORDING,
    max_uids: int = 0,
    snapshot_ms: int = 0,
    records: bool = True,
    is_oversized: bool = False,
    picture: Picture | None = None,
) -> inputs.Prepare:
    config = params.recordingConfig
    listed_uids = checks.subscription(config)
    assert isinstance(listed_uids, Subscription)
    return inputs.Prepare(
        app=task.app,
        sid=task.sid,
        cname=task.cname,
        uid=task.uid,
        bucket=params.storageConfig.bucket,
        layout=layout,
        channel_type=config.channelType,
        stream_types=config.streamTypes,
        max_idle_ms=config.maxIdleTime * 1000,
        subscription=listed_uids,
        scene=scene,
        max_uids=max_uids,
        snapshot_ms=snapshot_ms,
        records=records,
        is_oversized=is_oversized,
        picture=Picture() if picture is None else _plain(picture),
    )


def _plain(picture: Picture) -> Picture:
    """Return the layout alone, whatever it was part of."""
    return Picture(
        picture.mixedVideoLayout,
        picture.maxResolutionUid,
        picture.backgroundColor,
        picture.backgroundImage,
        picture.defaultUserBackgroundImage,
        picture.layoutConfig,
        picture.backgroundConfig,
    )


def _page(task: Task, params: WebStart) -> inputs.Prepare:
    page = params.page
    audio, width, height = page.audioProfile, page.videoWidth, page.videoHeight
    assert isinstance(width, int), page
    assert isinstance(height, int), page
    layout = Layout(
        sid=task.sid,
        cname=task.cname.translate(_DASHED),
        prefix=params.storageConfig.prefix,
        stream_types=BOTH,
        kbps=page.video_kbps + AUDIO_KBPS[0 if isinstance(audio, UnsetType) else audio],
        movies="mp4" in params.recordingFileConfig.avFileType,
        movie_ms=page.maxVideoDuration * 60_000,
        width=width,
        height=height,
        fps=page.videoFps,
        cast=_cast_name(task, inputs.PAGE),
    )
    return inputs.Prepare(
        app=task.app,
        sid=task.sid,
        cname=task.cname,
        uid=task.uid,
        bucket=params.storageConfig.bucket,
        layout=layout,
        channel_type=0,
        stream_types=BOTH,
        max_idle_ms=0,
        subscription=Subscription(),
        scene=inputs.PAGE_RECORDING,
        page=inputs.PagePlan(
            url=str(page.url),
            is_held=page.onhold,
            urls=params.urls,
            ready_ms=page.readyTimeout * 1000,
            hours=page.hours,
        ),
    )
