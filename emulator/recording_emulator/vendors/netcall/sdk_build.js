/**
 * What both builds of the double of NIM's calls have: constants, events, calls, devices.
 *
 * A part of `netcall.js`, which apps import.
 *
 * Source: sheet §2 (builds 8.5 of the SDK). Where it is silent it says "assumed".
 */

import { NIM, warn } from "./netcall_nim.js";
import { Listeners } from "./wire.js";

export const AGENT = "netcall-8.5";
const DOWNLOAD = "emulatorDownload";
const KEEP_BLOB_MS = 10_000;

/** §2.1; these hang on both classes. */
const CONSTANTS = {
  NETCALL_TYPE_AUDIO: 1, NETCALL_TYPE_VIDEO: 2,
  DEVICE_TYPE_AUDIO_IN: 0, DEVICE_TYPE_AUDIO_OUT_LOCAL: 1, DEVICE_TYPE_AUDIO_OUT_CHAT: 2,
  DEVICE_TYPE_VIDEO: 3,
  CHAT_VIDEO_QUALITY_NORMAL: 0, CHAT_VIDEO_QUALITY_LOW: 1, CHAT_VIDEO_QUALITY_MEDIUM: 2,
  CHAT_VIDEO_QUALITY_HIGH: 3, CHAT_VIDEO_QUALITY_480P: 4, CHAT_VIDEO_QUALITY_540P: 5,
  CHAT_VIDEO_QUALITY_720P: 6, CHAT_VIDEO_QUALITY_1080P: 7,
  CHAT_VIDEO_FRAME_RATE_NORMAL: 0, CHAT_VIDEO_FRAME_RATE_5: 1, CHAT_VIDEO_FRAME_RATE_10: 2,
  CHAT_VIDEO_FRAME_RATE_15: 3, CHAT_VIDEO_FRAME_RATE_20: 4, CHAT_VIDEO_FRAME_RATE_25: 5,
};
const COMMANDS = {
  NOTIFY_AUDIO_ON: 1, NOTIFY_AUDIO_OFF: 2, NOTIFY_VIDEO_ON: 3, NOTIFY_VIDEO_OFF: 4,
  SWITCH_AUDIO_TO_VIDEO: 5, SWITCH_AUDIO_TO_VIDEO_AGREE: 6, SWITCH_AUDIO_TO_VIDEO_REJECT: 7,
  SWITCH_VIDEO_TO_AUDIO: 8, BUSY: 9, SELF_CAMERA_INVALID: 10, SELF_ON_BACKGROUND: 11,
  START_NOTIFY_RECEIVED: 12, NOTIFY_RECORD_START: 13, NOTIFY_RECORD_STOP: 14,
  SELF_AUDIO_INVALID: 16,
};
for (const [name, value] of Object.entries(COMMANDS)) {
  CONSTANTS[`NETCALL_CONTROL_COMMAND_${name}`] = value;
}

/** What shows, tunes or measures media: there are none, so they are there and do nothing. */
const VIEWS = [
  "startLocalStream", "stopLocalStream", "startRemoteStream", "stopRemoteStream",
  "suspendLocalStream", "resumeLocalStream", "suspendRemoteStream", "resumeRemoteStream",
  "setCaptureVolume", "setPlayVolume", "setVideoViewSize", "setVideoViewRemoteSize",
  "setSessionVideoQuality", "setSessionVideoFrameRate", "setSessionVideoBitrate", "setAudioBlack",
  "changeRoleToPlayer", "changeRoleToAudience", "netDetect",
];

/** An SDK instance: its events, its calls, its devices. */
export class Build {
  static #made = new WeakMap();
  #heard = new Map();
  #turn = 0;

  calling = false;
  callAccepted = false;
  channelId = 0;
  type = 0;
  isCaller = false;
  signalInited = false;

  /** Ours, for tests: what this page has been given to save, `{name, url}` each. */
  emulatorDownloads = [];

  static support() {
    return true;
  }

  /** One of a class for each NIM. */
  static _of(kind, { nim = NIM.getInstance() } = {}) {
    const made = Build.#made.get(nim) ?? new Map();
    Build.#made.set(nim, made);
    if (!made.has(kind)) made.set(kind, new kind(nim));
    nim._announce(made.get(kind));
    return made.get(kind);
  }

  constructor(nim) {
    this.nim = nim;
    this._people = new Set();
    globalThis.addEventListener?.("pagehide", () => this._unload?.());
  }

  // --- events

  on(name, listener, context = this) {
    return this.#add(name, listener, (...args) => listener.apply(context, args));
  }

  once(name, listener, context = this) {
    return this.#add(name, listener, (...args) => {
      this.off(name, listener);
      return listener.apply(context, args);
    });
  }

  off(name, listener) {
    const { all, own } = this.#of(name);
    if (listener === undefined) all.clear();
    else all.remove(own.get(listener));
    return this;
  }

  removeListener(name, listener) {
    return this.off(name, listener);
  }

  removeAllListeners(name) {
    for (const each of name === undefined ? [...this.#heard.keys()] : [name]) this.off(each);
    return this;
  }

  emit(name, ...args) {
    const isHeard = this.#heard.has(name);
    this.#of(name).all.tell(name, args);
    return isHeard;
  }

  #of(name) {
    if (!this.#heard.has(name)) this.#heard.set(name, { all: new Listeners(), own: new Map() });
    return this.#heard.get(name);
  }

  #add(name, listener, called) {
    const { all, own } = this.#of(name);
    all.remove(own.get(listener));
    own.set(listener, called);
    all.add(called);
    return this;
  }

  /** Bring the fields up to date, and tell the listeners; a call's end shows after they know. */
  async _hear(name, data) {
    if (name === DOWNLOAD) {
      await this.#save(data);
      return;
    }
    const turn = this.#turn;
    await this._follow(name, data);
    await this.#of(name).all.tell(name, [data]);
    const isOver = name === "callRejected" || data?.type === "heartbeatError"
      || (name === "hangup" && (data.channelId ?? this.channelId) === this.channelId);
    if (isOver && turn === this.#turn) this.resetWhenHangup();
  }

  async _follow(name, data) {
    if (name === "callAccepted") {
      this.callAccepted = true;
      this.channelId = data.channelId ?? this.channelId;
    }
    if (["callAccepted", "joinChannel"].includes(name)) this._people.add(data.account);
    if (name === "leaveChannel") this._people.delete(data.account);
    if (data?.type === "heartbeatError") this.signalInited = false;
  }

  /** See how things are after events were missed. */
  async _look() {}

  async #save({ name, url }) {
    this.emulatorDownloads.push({ name, url });
    if (globalThis.document === undefined) return;
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`recording-emulator: no file ${url}`);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), KEEP_BLOB_MS);
  }

  // --- calls

  _ask(method, params = {}) {
    return this.nim._call(this, method, params);
  }

  _enter(state, people = []) {
    this.resetWhenHangup();
    this._people = new Set(people);
    Object.assign(this, { calling: true, ...state });
  }

  /** The SDK's own, which apps call, too. */
  resetWhenHangup() {
    this.#turn += 1;
    this._people = new Set();
    const idle = { calling: false, callAccepted: false, channelId: 0, type: 0, isCaller: false };
    Object.assign(this, idle);
  }

  /** A second call is refused; the build with a PC Agent forgets the first, too. */
  async call(options = {}) {
    const isSecond = this.calling;
    const state = { type: options.type, isCaller: true };
    if (!isSecond) this._enter(state);
    try {
      const made = await this._ask("call", options);
      this._enter({ ...state, channelId: made.channelId });
      return made;
    } catch (error) {
      if (!isSecond || this._profile === AGENT) this.resetWhenHangup();
      throw error;
    }
  }

  async response(options = {}) {
    const { accepted, beCalledInfo } = options;
    const made = await this._ask("response", options);
    if (accepted !== false && beCalledInfo) {
      const { type, channelId, account } = beCalledInfo;
      this._enter({ type, channelId }, [account]);
    }
    return made;
  }

  hangup(options = {}) {
    const isOther = options.channelId !== undefined && options.channelId !== this.channelId;
    if (!isOther || this._profile !== AGENT) this.resetWhenHangup();
    this._ask("hangup", options).catch(warn);
  }

  control(options = {}) {
    return this._ask("control", options);
  }

  isCurrentChannelId(about) {
    return about?.channelId !== undefined && about.channelId === this.channelId;
  }

  notCurrentChannelId(about) {
    return !this.isCurrentChannelId(about);
  }

  async switchVideoToAudio() {
    await this._ask("switchVideoToAudio");
    this.type = CONSTANTS.NETCALL_TYPE_AUDIO;
  }

  async switchAudioToVideo() {
    await this._ask("switchAudioToVideo");
    this.type = CONSTANTS.NETCALL_TYPE_VIDEO;
  }

  createChannel(options) {
    return this._ask("createChannel", options);
  }

  async joinChannel(options = {}) {
    const made = await this._ask("joinChannel", options);
    this._enter({ channelId: made.channelId, type: options.type }, Object.keys(made.accountUidMap));
    return made;
  }

  async leaveChannel() {
    await this._ask("leaveChannel");
    this.resetWhenHangup();
  }

  destroy() {
    if (this.calling) this.hangup();
    this.removeAllListeners();
  }

  // --- devices

  startDevice({ type } = {}) {
    return this._ask("startDevice", { type });
  }

  /** Takes a type, or an object with one. */
  stopDevice(given) {
    return this._ask("stopDevice", { type: given?.type ?? given });
  }

  /** One of each (assumed). */
  async getDevicesOfType(type) {
    return { devices: [{ deviceId: `emulator-${type}`, label: `emulated device ${type}` }] };
  }
}
for (const name of VIEWS) Build.prototype[name] = async () => undefined;
Object.assign(Build, CONSTANTS);
