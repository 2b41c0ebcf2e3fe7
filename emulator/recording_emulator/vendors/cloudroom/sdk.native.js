/**
 * The double of CloudRoom's SDK for Electron: the native names, with JSON texts.
 *
 * A native call that answers at once cannot ask a server here. `createCloudMixer` returns an empty
 * text, and `updateCloudMixerContent` a code, where this side sees by itself what is wrong; what
 * only the server sees comes as `createCloudMixerFailed`, or stands in the console.
 *
 * Source: sheet §1.1 (mixers), §3.1 and §3.3 (events and their JSON texts), §5.1 (codes); demos and
 * guide of Electron and Harmony (login, members, names of the other events).
 */

import { Listeners } from "./wire.js";
import { OK, PARAM, Sdk, read } from "./cloudroom.room.js";

/** Events whose native names are others. */
const NATIVE = {
  cloudMixerStateChanged: "notifyCloudMixerStateChanged",
  cloudMixerInfoChanged: "notifyCloudMixerInfoChanged",
  cloudMixerOutputInfoChanged: "notifyCloudMixerOutputInfoChanged",
  userEnterMeeting: "notifyUserEnterMeeting",
  userLeftMeeting: "notifyUserLeftMeeting",
  audioStatusChanged: "notifyMicStatusChanged",
  videoStatusChanged: "notifyVideoStatusChanged",
  meetingStopped: "notifyMeetingStopped",
  meetingDropped: "notifyMeetingDropped",
  lineOff: "notifyLineOff",
};

export class NativeSdk extends Sdk {
  #listeners = new Map();

  constructor() {
    super("native");
  }

  on(name, listener) {
    if (!this.#listeners.has(name)) this.#listeners.set(name, new Listeners());
    this.#listeners.get(name).add(listener);
  }

  off(name, listener) {
    this.#listeners.get(name)?.remove(listener);
  }

  init() {
    this._client.isReady = true;
    return OK;
  }

  uninit() {
    this._client.isReady = false;
    return this._client.leave();
  }

  /** Members of `given` may have Electron's `_` in front. */
  login(given, cookie) {
    const field = (name) => given[`_${name}`] ?? given[name];
    this._client.server = field("serverAddr") || undefined;
    const asked = this._client.login({
      appID: field("appID"), secret: field("md5_appSecret"),
      userID: field("userID"), nickname: field("nickName"),
    });
    this._ask(asked, (code) => ["loginRslt", [code, cookie]]);
  }

  logout() {
    return this._client.leave();
  }

  createMeeting(cookie) {
    this._makeRoom((ID) => ID, cookie);
  }

  destroyMeeting(meetID, cookie) {
    this._destroyRoom(meetID, cookie);
  }

  enterMeeting(meetID, cookie) {
    this._enter(meetID, cookie);
  }

  exitMeeting() {
    return this._client.exit();
  }

  kickout(userID) {
    this._client.callQuietly("kickout", { userID });
  }

  getAllMembers() {
    return [...this._client.members.values()].map(native);
  }

  getMemberInfo(userID) {
    return native(this._client.members.get(userID) ?? {});
  }

  openVideo() {
    this._device("openVideo");
  }

  closeVideo() {
    this._device("closeVideo");
  }

  openMic() {
    this._device("openMic");
  }

  closeMic() {
    this._device("closeMic");
  }

  /** An empty text where this side sees why; what only the server sees is told later (ours). */
  createCloudMixer(cfg) {
    if (!this._client.isInside || !isObject(cfg)) return "";
    const mixerID = this._client.newId();
    this._createLate(mixerID, this._client.create(mixerID, cfg));
    return mixerID;
  }

  updateCloudMixerContent(mixerID, cfg) {
    const code = isObject(cfg) ? this._client.judge(mixerID, read(cfg)) : PARAM;
    this._client.updateLate(mixerID, cfg, code);
    return code;
  }

  destroyCloudMixer(mixerID) {
    this._client.callQuietly("destroyCloudMixer", { mixerID });
  }

  getAllCloudMixerInfo() {
    return JSON.stringify([...this._client.mixers.values()].map(withText));
  }

  getCloudMixerInfo(mixerID) {
    const found = this._client.mixers.get(mixerID);
    return JSON.stringify(found ? withText(found) : {});
  }

  async _createLate(mixerID, asked) {
    const made = await asked.catch(({ errCode }) => errCode);
    if (made !== mixerID) await this._failed(mixerID, made || PARAM);
  }

  async _tell(name, args) {
    await this.#listeners.get(NATIVE[name] ?? name)?.tell(name, args);
  }
}

/** A member as Electron has it. */
function native({ userID, nickname, audioStatus, videoStatus }) {
  if (userID === undefined) return {};
  const [_userId, _nickName] = [userID, nickname];
  return { _userId, _nickName, _audioStatus: audioStatus, _videoStatus: videoStatus };
}

function withText(mixer) {
  return { ...mixer, cfg: JSON.stringify(mixer.cfg) };
}

/** Whether a text is a JSON object. */
function isObject(text) {
  try {
    const found = JSON.parse(text);
    return typeof found === "object" && found !== null && !Array.isArray(found);
  } catch {
    return false;
  }
}

export default new NativeSdk();
