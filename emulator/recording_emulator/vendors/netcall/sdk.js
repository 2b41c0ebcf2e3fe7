/**
 * The double of NIM's Web SDK and its plug-ins for calls: their names, on a line to the emulator.
 *
 * `Netcall` is the build with a PC Agent (8.5), `WebRTC` the one of the browser alone: 8.5, or 6.1
 * where this module is imported as `netcall.js?sdkProfile=webrtc-6.1`. With `?globals` the names
 * are those of the window, too, as a script tag's are. There is no media: what shows it does
 * nothing.
 *
 * Rules:
 *
 * 1. The emulator decides, this translates style: what throws at once, what returns no promise,
 *    what resolves with nothing.
 * 2. `listMediaRecording` returns at once, so the list is read anew before the app sees an answer
 *    about records, or `recordStopped`.
 * 3. What a browser saves is told by the emulator, and comes from the tenant's objects.
 *
 * Source: sheet §2 to §5, §7 (builds 8.5 and 6.1 of the SDK). Where they are silent it says
 * "assumed".
 */

import { AGENT, Build } from "./netcall_build.js";
import { NIM, warn } from "./netcall_nim.js";

const BROWSER = "webrtc-8.5";
const OLD_BROWSER = "webrtc-6.1";
const ASKED = new URL(import.meta.url).searchParams;

/** The build with a PC Agent, a program on the user's machine that records to its disk. */
export class Netcall extends Build {
  _profile = AGENT;
  #hadSignal = false;

  static getInstance(options) {
    return Build._of(Netcall, options);
  }

  async initSignal() {
    await this._ask("initSignal");
    this.#hadSignal = true;
    this.signalInited = true;
  }

  async stopSignal() {
    await this._ask("stopSignal");
    this.signalInited = false;
    this.resetWhenHangup();
  }

  startRecordMp4(options = {}) {
    return this.#record("startRecordMp4", options);
  }

  stopRecordMp4({ account } = {}) {
    return this.#command("stopRecordMp4", { account });
  }

  startRecordAac(options = {}) {
    return this.#record("startRecordAac", options);
  }

  stopRecordAac() {
    return this.#command("stopRecordAac");
  }

  /** Without a path it throws at once, and no Error (SDK). */
  #record(method, options) {
    const now = Date.now();
    if (!options.path) throw { message: "path", callFunc: method, time: now, timetag: now };
    return this.#command(method, options);
  }

  /** Before the first `initSignal` there is nobody to tell, and that throws at once (SDK). */
  #command(method, params) {
    if (!this.#hadSignal) throw new TypeError(`${method}: there is no signal to the PC Agent`);
    return this._ask(method, params);
  }
}

/** The builds of the browser alone. */
export class WebRTC extends Build {
  static getInstance(options = {}) {
    const profile = options.emulator?.sdkProfile ?? ASKED.get("sdkProfile") ?? BROWSER;
    return Build._of(profile === OLD_BROWSER ? OldRecorder : Recorder, options);
  }

  async initSignal() {
    this.signalInited = true;
  }

  /** What is missing throws at once; a success resolves with nothing (SDK). */
  call(options = {}) {
    for (const each of ["pushConfig", "sessionConfig"]) {
      if (!options[each]) throw new TypeError(`call: ${each} is ${options[each]}`);
    }
    return super.call(options).then(() => undefined);
  }

  startRtc() {
    return this._ask("startRtc");
  }

  /** Failures are logged, and nothing else (SDK). */
  control(options) {
    super.control(options).catch(warn);
  }
}

/** 6.1 and before: one recorder for everything. */
class OldRecorder extends WebRTC {
  _profile = OLD_BROWSER;
  #isRecording = false;

  startRecordMp4(account) {
    return this.#start("startRecordMp4", { account });
  }

  stopRecordMp4() {
    return this.#stop("stopRecordMp4");
  }

  startRecordAac() {
    return this.#start("startRecordAac");
  }

  stopRecordAac() {
    return this.#stop("stopRecordAac");
  }

  async #start(method, params) {
    const made = await this._ask(method, params);
    this.#isRecording = true;
    return made;
  }

  #stop(method) {
    this.#isRecording = false;
    return this._ask(method);
  }

  _unload() {
    if (this.#isRecording) this.#stop("stopRecordMp4").catch(warn);
  }
}

/** 8.5: as many records as one likes, listed until the end. */
class Recorder extends WebRTC {
  _profile = BROWSER;
  #listed = {};

  /** Without an account: oneself. One that is not in the call gets no promise (SDK). */
  startRecordMp4(account = "") {
    const target = typeof account === "string" ? account : "";
    const isKnown = ["", this.nim.account].includes(target) || this._people.has(target);
    return isKnown ? this.#media("startRecordMp4", { account: target }) : undefined;
  }

  stopRecordMp4() {
    return this.#media("stopRecordMp4");
  }

  /** It calls a helper that is not there (SDK); that its stop does, too, is assumed. */
  startRecordAac() {
    throw new TypeError("startRecordAac: this build has no recorder of all voices");
  }

  stopRecordAac() {
    throw new TypeError("stopRecordAac: this build has no recorder of all voices");
  }

  startMediaRecording(options = {}) {
    return this.#media("startMediaRecording", options);
  }

  listMediaRecording() {
    const own = Object.entries(this.#listed).map(([key, record]) => [key, { ...record }]);
    return Object.fromEntries(own);
  }

  stopMediaRecording({ recordId } = {}) {
    return this.#media("stopMediaRecording", { recordId });
  }

  downloadMediaRecording({ recordId } = {}) {
    return this.#media("downloadMediaRecording", { recordId });
  }

  cleanMediaRecording({ recordId } = {}) {
    return this.#media("cleanMediaRecording", { recordId });
  }

  async #media(method, params) {
    try {
      return await this._ask(method, params);
    } finally {
      await this._look();
    }
  }

  async _look() {
    const listed = await this._ask("listMediaRecording").catch(() => this.#listed);
    const full = Object.entries(listed).map(([key, each]) => [key, { ...each, reset: each.reset }]);
    this.#listed = Object.fromEntries(full);
  }

  async _follow(name, data) {
    await super._follow(name, data);
    if (name === "recordStopped") await this._look();
  }

  /** The page is closed: what is running is saved. */
  _unload() {
    const running = Object.values(this.#listed).filter((each) => each.isRecording);
    for (const { id } of running) this._ask("downloadMediaRecording", { recordId: id }).catch(warn);
  }
}

export { NIM };
export default Netcall;

if (ASKED.has("globals")) Object.assign(globalThis, { NIM, Netcall, WebRTC, SDK: { NIM } });
