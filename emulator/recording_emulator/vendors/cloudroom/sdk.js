/**
 * The double of CloudRoom's web SDK and of its mini-app's: their names, on a line to the emulator.
 *
 * The module has the members without a prefix (`RTCSDK.CreateCloudMixer`); the older script's are
 * there, too: globals with `CRVideo_` in front. Swap one import or one script, and the app runs as
 * it is, without media. Electron's is `cloudroom.native.js`.
 *
 * Source: sheet §1.1, §1.2, §5.1 (mixers), §2.5 (objects that are written into), §7.2 to §7.4
 * (conventions, calls and differences). Where they are silent it says "assumed".
 */

import { GONE, NOT_LOGGED_IN, OK, PARAM, Sdk, isJson } from "./cloudroom.room.js";

const UNKNOWN = 1;
const NOT_ENABLED = 806;
const SUCCESS = Object.freeze({ errCode: OK, errDesc: "success" });
const UNSENDABLE = Object.freeze({ errCode: PARAM, errDesc: "cfg is no JSON" });

/** An event: one listener, whose errors are logged. */
class Slot {
  callback = null;
  #name;

  constructor(name) {
    this.#name = name;
  }

  async target(...args) {
    if (typeof this.callback !== "function") {
      console.debug(`${this.#name} has no callback`);
      return;
    }
    try {
      await this.callback(...args);
    } catch (error) {
      console.error(error);
    }
  }
}

const EVENTS = [
  "LoginSuccess", "LoginFail", "LineOff", "CreateMeetingSuccess", "CreateMeetingFail",
  "DestroyMeetingRslt", "EnterMeetingRslt", "UserEnterMeeting", "UserLeftMeeting", "MeetingStopped",
  "MeetingDropped", "AudioStatusChanged", "VideoStatusChanged", "CreateCloudMixerFailed",
  "CloudMixerStateChanged", "CloudMixerInfoChanged", "CloudMixerOutputInfoChanged",
];

class JavaScriptSdk extends Sdk {
  NOERR = OK;
  _rewrites = false;

  constructor(profile) {
    super(profile);
    for (const name of EVENTS) this[name] = new Slot(name);
  }

  Init = async ({ emulator = {} } = {}) => {
    this._client.isReady = true;
    this._rewrites = emulator.mutateCfg ?? false;
  };
  Uninit = () => {
    this._client.isReady = false;
    return this._client.leave();
  };
  SetServerAddr = (addr) => {
    this._client.server = addr;
  };
  Login = (appID, secret, nickname, userID, _userAuthCode, cookie) => {
    const told = (code) =>
      code === OK ? ["loginSuccess", [userID, cookie]] : ["loginFail", [code, cookie]];
    this._ask(this._client.login({ appID, secret, userID, nickname }), told);
  };
  Logout = () => this._client.leave();
  CreateMeeting2 = (cookie) => this._makeRoom((ID) => ({ ID }), cookie);
  DestroyMeeting = (meetID, cookie) => this._destroyRoom(meetID, cookie);
  EnterMeeting3 = (meetID, cookie) => this._enter(meetID, cookie);
  ExitMeeting = () => this._client.exit();
  /** What its promise resolves with is assumed. */
  Kickout = async (userID) => {
    await this._client.call("kickout", { userID });
    return SUCCESS;
  };
  GetAllMembers = () => structuredClone([...this._client.members.values()]);
  GetMemberInfo = (userID) => structuredClone(this._client.members.get(userID) ?? null);
  OpenVideo = () => this._device("openVideo");
  CloseVideo = () => this._device("closeVideo");
  OpenMic = () => this._device("openMic");
  CloseMic = () => this._device("closeMic");
  CreateCloudMixer = (cfg) => {
    this._stumble(cfg);
    const mixerID = this._client.newId();
    this._create(mixerID, cfg);
    this._rewrite(cfg);
    return mixerID;
  };
  GetAllCloudMixerInfo = () => structuredClone([...this._client.mixers.values()]);
  GetCloudMixerInfo = (mixerID) => structuredClone(this._client.mixers.get(mixerID) ?? null);

  _tell(name, args) {
    return this[name[0].toUpperCase() + name.slice(1)].target(...args);
  }

  async _create(mixerID, cfg) {
    try {
      if (cfg !== undefined && !isJson(cfg)) await later(UNSENDABLE);
      await this._client.create(mixerID, cfg);
    } catch (error) {
      const code = error === UNSENDABLE ? PARAM : this._refusal(error);
      if (code !== null) await this._failed(mixerID, code);
    }
  }

  /** Write into the caller's own objects, as these SDKs do: users become terminals. */
  _rewrite(cfg) {
    if (!this._rewrites) return;
    const users = [...this._client.members.keys()];
    for (const { type, param } of cfg?.videoFileCfg?.layoutConfig ?? []) {
      const [, user, camera] = /^(.*)\.(.*)$/.exec(type === 0 ? param?.camid : "") ?? [];
      if (user !== undefined) param.camid = `${1000 + users.indexOf(user)}.${camera}`;
    }
    if (cfg?.storageConfig && this._client.profile === "web") cfg.storageConfig.userNetDiskId = 0;
  }
}

export class WebSdk extends JavaScriptSdk {
  constructor() {
    super("web");
  }

  /** Of a mixer that is not there, and outside of a room, the promise never settles (observed). */
  UpdateCloudMixerContent = (mixerID, cfg) => {
    const isKnown = this._client.knows(mixerID);
    const asked = isJson(cfg)
      ? this._client.call("updateCloudMixerContent", { mixerID: String(mixerID), cfg })
      : Promise.reject(isKnown ? UNSENDABLE : NOT_LOGGED_IN);
    this._rewrite(cfg);
    return asked.catch((error) => this._dropped(error, isKnown));
  };
  DestroyCloudMixer = (mixerID) => {
    const asked = this._client.call("destroyCloudMixer", { mixerID: String(mixerID) });
    return asked.catch((error) => this._dropped(error, true));
  };

  /** What is asked without a room is dropped, and nobody hears of it. */
  _dropped(error, isKnown) {
    if (error === NOT_LOGGED_IN || (error === GONE && !isKnown)) return new Promise(() => {});
    throw error;
  }

  _stumble() {}

  /** 806, whatever went wrong (observed). */
  _refusal(error) {
    return error === NOT_LOGGED_IN ? null : NOT_ENABLED;
  }
}

export class MiniSdk extends JavaScriptSdk {
  constructor() {
    super("mini");
  }

  UpdateCloudMixerContent = (mixerID, cfg) => {
    const code = this._client.knows(mixerID) ? this._client.judge(mixerID, cfg) : undefined;
    this._client.updateLate(mixerID, cfg, code);
    this._rewrite(cfg);
    return code;
  };
  DestroyCloudMixer = (mixerID) => {
    this._client.callQuietly("destroyCloudMixer", { mixerID });
  };

  /** A layout that is not there, or a camera without `camid`, throws at the caller (observed). */
  _stumble(cfg) {
    if ((cfg?.mode ?? 0) !== 0 || !cfg?.videoFileCfg) return;
    for (const { type, param } of cfg.videoFileCfg.layoutConfig) {
      if (type === 0) param.camid.split(".");
    }
  }

  _refusal({ errCode }) {
    return errCode === NOT_ENABLED ? NOT_ENABLED : UNKNOWN;
  }
}

/** Fail, as what is told of a call that has returned: in a later task. */
function later(error) {
  return new Promise((_, fail) => setTimeout(fail, 0, error));
}

/** The web SDK of this page. */
export const RTCSDK = new WebSdk();
for (const [name, member] of Object.entries(RTCSDK)) {
  if (!name.startsWith("_")) globalThis[`CRVideo_${name}`] = member;
}

export default RTCSDK;
