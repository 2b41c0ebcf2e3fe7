/**
 * What CloudRoom's SDKs have in common behind their names: a connection, and a copy of the room.
 *
 * A login is the connection. What the SDKs answer at once they answer from their own copy of the
 * room, which follows what is told; so does this.
 *
 * Source: sheet §1.1 and §3.7 (what the copy holds), §5 (codes). What is told when a connection
 * is lost is assumed.
 */

import { Failure, Line } from "./wire.js";

export const OK = 0;
export const PARAM = 5;
const BAD_SECRET = 7;
const NOT_INIT = 11;
const NO_CONNECTION = 203;
const LOST = 207;
const NOT_INSIDE = 817;
const STOPPED = 0;
const STARTING = 1;
const TIMED_OUT = 0;
const CLOSED = 2;
const NO_TENANT = 4401;
export const NOT_LOGGED_IN = Object.freeze({ errCode: 12, errDesc: "not login" });
export const GONE = Object.freeze({ errCode: LOST, errDesc: "connection lost" });
const FILES = ["audioFileCfg", "videoFileCfg"];

/** What an event changes of the copy, before listeners hear of it. */
const CHANGES = {
  userEnterMeeting: (client, userID, nickname) => {
    const statuses = { audioStatus: CLOSED, videoStatus: CLOSED };
    client.members.set(userID, { userID, nickname, ...statuses });
    // Whether who comes back is the terminal that owned a mixer, only the server knows.
    return [...client.mixers.values()].some(({ owner }) => owner === "") && client.look();
  },
  userLeftMeeting: (client, userID) => {
    client.members.delete(userID);
    if (client.profile === "native") return;
    for (const each of client.mixers.values()) if (each.owner === userID) each.owner = "";
  },
  audioStatusChanged: ({ members }, userID, _, audioStatus) => {
    Object.assign(members.get(userID) ?? {}, { audioStatus });
  },
  videoStatusChanged: ({ members }, userID, _, videoStatus) => {
    Object.assign(members.get(userID) ?? {}, { videoStatus });
  },
  createCloudMixerFailed: ({ begun }, ID) => {
    begun.delete(ID);
  },
  cloudMixerStateChanged: ({ begun, mixers }, ID, state, extra, owner) => {
    begun.delete(ID);
    if (state === STOPPED) mixers.delete(ID);
    else if (state !== STARTING) Object.assign(mixers.get(ID) ?? {}, { state });
    else mixers.set(ID, { ID, owner, cfg: contents(extra), state });
  },
  cloudMixerInfoChanged: ({ mixers }, ID, cfg) => {
    Object.assign(mixers.get(ID) ?? {}, { cfg: read(cfg) });
  },
  meetingStopped: (client) => client.forget(),
  meetingDropped: (client) => client.forget(),
  lineOff: (client) => client.hangUp(),
};
/** What of an event is for the copy only: so many arguments are the listeners'. */
const TOLD = { userEnterMeeting: 1, cloudMixerInfoChanged: 1 };

/** One user's connection, and what the SDK keeps of the room. */
export class Client {
  #tell;
  #line = null;
  #nickname = "";
  #made = 0;
  isReady = false;
  isInside = false;
  members = new Map();
  mixers = new Map();
  /** What was asked for, and not told of yet. */
  begun = new Map();
  server;

  constructor(profile, tell) {
    this.profile = profile;
    this.#tell = tell;
  }

  get line() {
    return this.#line;
  }

  /** Connect; the code says how it went. */
  async login({ nickname, ...who }) {
    await this.leave();
    if (!this.isReady) return NOT_INIT; // assumed
    try {
      const url = `${address(this.server).replace(/^http/, "ws")}/sdk`;
      const line = new Line(url, { ...who, profile: this.profile }, this.#hooks(() => line), {
        comesBack: false, // there is no resume: who comes back logs in and enters anew
      });
      await line.open();
      this.#line = line;
    } catch (error) {
      console.warn(`recording-emulator at ${this.server ?? "its own address"}: ${error.message}`);
      return error.args?.[0] ?? (error.code === NO_TENANT ? BAD_SECRET : NO_CONNECTION);
    }
    this.#nickname = nickname;
    return OK;
  }

  /** Log out; done when that has happened. */
  async leave() {
    const line = this.#line;
    this.#line = null;
    this.forget();
    await line?.bye().catch(() => null); // a connection that is lost need not be left
  }

  /** Call a method; what it is rejected with has an `errCode`. It is sent before this returns. */
  async call(method, params = {}) {
    if (this.#line === null) throw NOT_LOGGED_IN;
    try {
      return await this.#line.call(method, params);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      console.warn(`recording-emulator: ${error.message}`);
      throw GONE;
    }
  }

  /** Call a method that answers nobody. */
  async callQuietly(method, params) {
    await this.call(method, params).catch(({ errCode, errDesc }) => {
      console.warn(`recording-emulator: ${method} fails: ${errCode} ${errDesc}`);
    });
  }

  async enter(meetID) {
    const where = { meetID: Number(meetID), nickname: String(this.#nickname ?? "") };
    this.#follow(await this.call("enterMeeting", where));
    this.isInside = true;
  }

  async exit() {
    this.forget();
    await this.callQuietly("exitMeeting");
  }

  forget() {
    this.isInside = false;
    this.members.clear();
    this.mixers.clear();
    this.begun.clear();
  }

  /** Let go of the connection once the event that says so is acknowledged. */
  hangUp() {
    const line = this.#line;
    setTimeout(() => this.#line === line && this.leave());
    this.forget();
  }

  /** An id for a mixer: 32 digits, the same in every run. */
  newId() {
    const parts = [Number(/\d*$/.exec(this.#line?.member ?? "")[0]), ++this.#made];
    return parts.map((each) => each.toString(16).padStart(16, "0")).join("");
  }

  /** Ask for a mixer; for updates it counts as there from now on. */
  create(mixerID, cfg) {
    this.begun.set(mixerID, this.profile === "native" ? read(cfg) : cfg);
    return this.call("createCloudMixer", { mixerID, cfg });
  }

  knows(mixerID) {
    return this.mixers.has(mixerID) || this.begun.has(mixerID);
  }

  /** What an update returns that is no promise: what this side can judge by its copy. */
  judge(mixerID, cfg) {
    if (!this.isInside) return NOT_INSIDE;
    const before = this.mixers.get(mixerID)?.cfg ?? this.begun.get(mixerID);
    return before && FILES.every((each) => !cfg?.[each] || before[each]) ? OK : PARAM;
  }

  /** Send an update whose code was returned already. */
  async updateLate(mixerID, cfg, returned) {
    if (!this.#line || !isJson(cfg)) return;
    await this.call("updateCloudMixerContent", { mixerID, cfg }).catch(({ errCode, errDesc }) => {
      if (returned !== OK) return;
      console.warn(`recording-emulator: an update returned 0, and failed: ${errCode} ${errDesc}`);
    });
  }

  /** See how the room is, after events were missed. */
  async look() {
    const asked = ["getAllMembers", "getAllCloudMixerInfo"].map((each) => this.call(each));
    const [members, mixers] = await Promise.all(asked).catch(() => [[], []]);
    if (this.isInside) this.#follow({ members, mixers: read(mixers) });
  }

  #follow({ members, mixers }) {
    this.members = new Map(members.map((each) => [each.userID, each]));
    this.mixers = new Map(mixers.map((each) => [each.ID, { ...each, cfg: read(each.cfg) }]));
  }

  #hooks(line) {
    const isOwn = () => this.#line === line();
    return {
      hear: async ({ name, args }) => {
        if (!isOwn()) return;
        if (this.isInside) await CHANGES[name]?.(this, ...args);
        await this.#tell(name, args.slice(0, TOLD[name]));
      },
      missed: () => isOwn() && this.isInside && this.look(),
      lost: async () => {
        if (!isOwn()) return;
        const wasInside = this.isInside;
        this.#line = null;
        this.forget();
        if (wasInside) await this.#tell("meetingDropped", [TIMED_OUT]);
        await this.#tell("lineOff", [LOST]); // the order is assumed
      },
    };
  }
}

// --- what the SDKs have in common ----------------------------------------------------------------

/** What the SDKs have in common; each says in `_tell` how its listeners are called. */
export class Sdk {
  _client;

  constructor(profile) {
    this._client = new Client(profile, (name, args) => this._tell(name, args));
  }

  /** Ours, for tests: the connection, with its `member` id; null when nobody is logged in. */
  get emulatorLine() {
    return this._client.line;
  }

  async _ask(asked, done, failed) {
    const told = await asked.then(done, ({ errCode }) => failed(errCode));
    await this._tell(...told);
  }

  _makeRoom(said, cookie) {
    const asked = this._client.call("createMeeting");
    this._ask(
      asked, ({ ID }) => ["createMeetingSuccess", [said(ID), cookie]],
      (code) => ["createMeetingFail", [code, cookie]],
    );
  }

  _destroyRoom(meetID, cookie) {
    const asked = this._client.call("destroyMeeting", { meetID: Number(meetID) });
    const told = (code) => ["destroyMeetingRslt", [code, cookie]];
    this._ask(asked, () => told(OK), told);
  }

  _enter(meetID, cookie) {
    const told = (code) => ["enterMeetingRslt", [code, cookie]];
    this._ask(this._client.enter(meetID), () => told(OK), told);
  }

  /** One's own devices only: those of others are not modelled. */
  _device(method) {
    this._client.callQuietly(method);
  }

  _failed(mixerID, code) {
    return this._tell("createCloudMixerFailed", [mixerID, code]);
  }
}

// --- values --------------------------------------------------------------------------------------

/** Read a JSON text; anything else is what it is. */
export function read(value) {
  return typeof value === "string" ? JSON.parse(value) : value;
}

/** Whether something can be sent. */
export function isJson(value) {
  try {
    return JSON.stringify(value) !== undefined;
  } catch {
    return false;
  }
}

/** What a mixer records, as it is listed: without the storage (observed). */
function contents(extra) {
  const { storageConfig: _, ...cfg } = read(read(extra).jsonCfg ?? structuredClone(extra));
  return cfg;
}

/** Where to connect: without a scheme by this module's (assumed), or to where this came from. */
function address(server) {
  const own = new URL(import.meta.url);
  if (!server) return `${own.origin}/cloudroom`;
  const url = new URL(/^[a-z]+:\/\//i.test(server) ? server : `${own.protocol}//${server}`);
  return `${url.origin}${url.pathname.replace(/\/+$/, "") || "/cloudroom"}`;
}
