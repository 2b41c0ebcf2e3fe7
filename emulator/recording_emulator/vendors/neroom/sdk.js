/**
 * The double of NERoom's Web SDK (`neroom-web-sdk`): its names, on a line to the emulator.
 *
 * Swap one import, or map it (`"neroom-web-sdk": ".../_emulator/sdk/neroom.js"`), and the app runs
 * as it is. There is no media: what shows or subscribes to video succeeds and does nothing.
 *
 * Source: sheet §1.2, §1.3, §1.6, §1.7, §1.9 (API references 1.44.0); NERoom guides for Web: 集成并
 * 初始化 SDK, 登录鉴权, 监听房间事件, 本地视频预览. Where they are silent it says "assumed".
 */

import { Failure, Line, Listeners } from "./wire.js";

/** The "on" value is the falsy one (§1.3). The spelling of iOS and Flutter; for Web assumed. */
export const NERoomCloudRecordState = Object.freeze({ recordingStart: 0, recordingStop: 1 });

/** §1.7; `kICK_BY_SELF` is how the Web SDK spells it. */
const REASONS = [
  "LEAVE_BY_SELF", "SYNC_DATA_ERROR", "kICK_BY_SELF", "KICK_BY_OTHER_DEVICE", "KICK_OUT",
  "CLOSE_BY_MEMBER", "END_OF_LIFE", "ALL_MEMBERS_OUT", "CLOSE_BY_BACKEND", "LOGIN_STATE_ERROR",
  "MOVE_TO_WAITING_ROOM", "UNKNOWN",
];
export const NERoomEndReason = Object.freeze(Object.fromEntries(REASONS.map((x) => [x, x])));

/** What a listener of the login state is called with (登录鉴权). */
export const NEAuthEvent = Object.freeze({
  KICK_OUT: 0, UNAUTHORIZED: 1, FORBIDDEN: 2, ACCOUNT_TOKEN_ERROR: 3, LOGGED_IN: 4, LOGGED_OUT: 5,
  TOKEN_EXPIRED: 1026, TOKEN_INCORRECT: 1027,
});

/** Reasons that Web spells otherwise. */
const SPELLED = { KICK_BY_SELF: NERoomEndReason.kICK_BY_SELF };
const SUCCESS = Object.freeze({ code: 0, message: "success", data: null });
const FAILURE = -1;
const NOT_JOINED = { code: FAILURE, message: "not join roomkit" };
const NO_APP_KEY = { code: FAILURE, message: "lack of appKey" };
const UNAUTHORIZED = { code: 402, message: "Unauthorized" };
const DISCONNECTED = 0;
const CLIENT_WEB = 4;

/** What a login is rejected with that was not let in (§1.9; texts and the unknown app assumed). */
const NOT_LET_IN = {
  UNAUTHORIZED,
  INCORRECT_TOKEN: { code: 1027, message: "Token Incorrect" },
  TOKEN_EXPIRED: { code: 1026, message: "Token Expired" },
};
const UNKNOWN_APP = { code: 403, message: "Forbidden" };
const NO_TENANT = 4401;

// --- the room ------------------------------------------------------------------------------------

/** Methods that only ask: their parameters in order, and what they change of the own member. */
const ROOM_CALLS = {
  stopCloudRecord: [[]],
  changeMemberRole: [["userUuid", "role"]],
  kickMemberOut: [["userUuid"]],
  changeMyName: [["name"]],
  lockRoom: [[]], unlockRoom: [[]],
  endRoom: [["isForce"]],
};
const RTC_CALLS = {
  joinRtcChannel: [[], { isInRtcChannel: true }],
  leaveRtcChannel: [[], { isInRtcChannel: false, isAudioOn: false, isVideoOn: false }],
  muteMyAudio: [[], { isAudioOn: false }],
  unmuteMyAudio: [[], { isAudioOn: true }],
  muteMyVideo: [[], { isVideoOn: false }],
  unmuteMyVideo: [[], { isVideoOn: true }],
  startScreenShare: [[], { isSharingScreen: true }],
  stopScreenShare: [[], { isSharingScreen: false }],
  muteMemberAudio: [["userUuid"]],
  muteMemberVideo: [["userUuid"]],
};
/** What shows or fetches video: there is none, so they are there and do nothing. */
const VIEWS = [
  "setupLocalVideoCanvas", "setupRemoteVideoCanvas", "setupRemoteVideoSubStreamCanvas",
  "setupRemoteSubVideoCanvas", "subscribeRemoteVideoStream", "unsubscribeRemoteVideoStream",
  "subscribeRemoteVideoSubStream", "unsubscribeRemoteVideoSubStream",
];

function methods(calls, ask) {
  const made = {};
  for (const [name, [fields, mine]] of Object.entries(calls)) {
    const params = (given) => Object.fromEntries(fields.map((field, nth) => [field, given[nth]]));
    made[name] = (...given) => ask(name, params(given), mine);
  }
  return made;
}

function rtcController(ask) {
  const made = methods(RTC_CALLS, ask);
  for (const name of VIEWS) made[name] = async () => SUCCESS;
  made.setParameters = (parameters) => ask("setParameters", parameters);
  return made;
}

const without = (room, gone) => room.remoteMembers.filter((each) => !gone.includes(each));

/** What an event changes of its room's fields, beside those of the members it carries. */
const CHANGES = {
  onMemberJoinRoom: (room, came) => ({ remoteMembers: [...without(room, came), ...came] }),
  onMemberLeaveRoom: (room, gone) => ({ remoteMembers: without(room, gone) }),
  onRoomCloudRecordStateChanged: (_, state) => ({
    isCloudRecording: state === NERoomCloudRecordState.recordingStart,
  }),
  onRoomPropertiesChanged: (room, set) => ({ roomProperties: { ...room.roomProperties, ...set } }),
  onRoomPropertiesDeleted: ({ roomProperties }, gone) => {
    const left = Object.entries(roomProperties).filter(([key]) => !(key in gone));
    return { roomProperties: Object.fromEntries(left) };
  },
  onRoomRemainingSecondsRenewed: (_, remainingSeconds) => ({ remainingSeconds }),
  onRoomLockStateChanged: (_, isRoomLocked) => ({ isRoomLocked }),
};

/** A room this client is in; its fields follow what happens there. */
class RoomContext {
  #call;
  #listeners = new Listeners();
  #isOver = false;
  #forget;

  constructor(call, snapshot, forget) {
    this.#call = call;
    this.#forget = forget;
    this.localMember = {};
    this.remoteMembers = [];
    const ask = (...asked) => this.#ask(...asked);
    Object.assign(this, methods(ROOM_CALLS, ask), { rtcController: rtcController(ask) });
    this._follow(snapshot);
  }

  addRoomListener(listener) {
    this.#listeners.add(listener);
  }

  removeRoomListener(listener) {
    this.#listeners.remove(listener);
  }

  /** `config` (1.34.0) says what is recorded. Success means that it runs, not that files exist. */
  startCloudRecord(config = {}) {
    return this.#ask("startCloudRecord", config);
  }

  /** Leave; the own listeners hear `LEAVE_BY_SELF` (assumed: the reason is documented). */
  async leaveRoom() {
    const result = await this.#ask("leaveRoom");
    await this._end(NERoomEndReason.LEAVE_BY_SELF);
    return result;
  }

  getMember(uuid) {
    return [this.localMember, ...this.remoteMembers].find((each) => each.uuid === uuid);
  }

  async #ask(method, params = {}, mine = {}) {
    if (this.#isOver) throw NOT_JOINED;
    const result = await this.#call(method, { roomUuid: this.roomUuid, ...params });
    Object.assign(this.localMember, mine);
    return result;
  }

  /** Take over how the room is; members stay the objects they are. */
  _follow({ localMember, remoteMembers, ...rest }) {
    Object.assign(this, rest);
    Object.assign(this.localMember, localMember);
    this.remoteMembers = remoteMembers.map((each) => this.#known(each));
  }

  #known(told) {
    return Object.assign(this.getMember(told.uuid) ?? {}, told);
  }

  /** Bring the fields up to date, then tell the listeners. */
  async _hear(name, args) {
    const [about, ...rest] = args;
    const others = rest.map((each) => this.getMember(each?.uuid) ?? each ?? undefined);
    const heard = [this.#held(about), ...others];
    Object.assign(this, CHANGES[name]?.(this, heard[0]));
    if (name === "onRoomEnded") await this._end(SPELLED[heard[0]] ?? heard[0]);
    else await this._tell(name, heard);
  }

  /** What an event is about: members as the objects the context holds, brought up to date. */
  #held(about) {
    if (Array.isArray(about)) return about.map((each) => this.#known(each));
    return about?.uuid === undefined ? about : this.#known(about);
  }

  _tell = (name, args) => this.#listeners.tell(name, args);

  async _end(reason) {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#forget();
    await this._tell("onRoomEnded", [reason]);
  }

}

// --- the services --------------------------------------------------------------------------------

class RoomService {
  #call;
  #rooms = new Map();

  constructor(call) {
    this.#call = call;
  }

  createRoom(params, options = {}) {
    return this.#call("createRoom", { ...params, ...options });
  }

  async joinRoom(params, options = {}) {
    const result = await this.#call("joinRoom", { ...params, ...options });
    const { roomUuid } = result.data;
    const context = new RoomContext(this.#call, result.data, () => this.#rooms.delete(roomUuid));
    this.#rooms.set(roomUuid, context);
    return { ...result, data: context };
  }

  /** The room's context; null before `joinRoom` and after the end, so that `?.` does nothing. */
  getRoomContext(roomUuid) {
    return this.#rooms.get(roomUuid) ?? null;
  }

  /** Keyed by the archive id, which is one life of a room, not by its `roomUuid`. */
  getRoomCloudRecordList(roomArchiveId) {
    return this.#call("getRoomCloudRecordList", { roomArchiveId });
  }

  /** Before `joinRoom`: here parameters can be set (assumed: no guide for Web says where). */
  previewRoom(_params = {}, _options = {}) {
    return { previewController: rtcController((method, params) => this.#call(method, params)) };
  }

  get _contexts() {
    return [...this.#rooms.values()];
  }

  /** See how the rooms are after events were missed, and whether one is still in them. */
  async _look() {
    for (const context of this._contexts) {
      const asked = this.#call("getRoomContext", { roomUuid: context.roomUuid });
      const { code, data = null } = await asked.catch((error) => error);
      if (code === FAILURE) return; // the connection is lost again
      if (data === null) await context._end(NERoomEndReason.SYNC_DATA_ERROR);
      else context._follow(data);
    }
  }
}

class AuthService {
  #listeners = new Listeners();
  #kit;

  isLoggedIn = false;

  constructor(kit) {
    this.#kit = kit;
  }

  /** `listener` is called with an `NEAuthEvent`, or its `onAuthEvent` is. */
  addAuthListener(listener) {
    this.#listeners.add(listener);
  }

  /** Without an argument: all of them. */
  removeAuthListener(listener) {
    if (listener === undefined) this.#listeners.clear();
    else this.#listeners.remove(listener);
  }

  async login(account, token) {
    await this.#kit._connect({ user: account, token });
    await this._tell(NEAuthEvent.LOGGED_IN);
    return SUCCESS;
  }

  async logout() {
    await this.#kit._leave();
    await this._tell(NEAuthEvent.LOGGED_OUT);
    return SUCCESS;
  }

  async _tell(event) {
    this.isLoggedIn = event === NEAuthEvent.LOGGED_IN;
    await this.#listeners.tell("onAuthEvent", [event]);
  }
}

// --- the kit -------------------------------------------------------------------------------------

/** The SDK: `new NERoomKit()` as in the guide, or `getInstance()`; one user at a time. */
export class NERoomKit {
  static #instance;
  #options = {};
  #line = null;

  authService = new AuthService(this);
  roomService = new RoomService((method, params) => this.#call(method, params));
  isInitialized = false;

  static getInstance() {
    NERoomKit.#instance ??= new NERoomKit();
    return NERoomKit.#instance;
  }

  async initialize(options) {
    if (!options?.appKey) throw NO_APP_KEY;
    this.#options = options;
    this.isInitialized = true;
    return SUCCESS;
  }

  async release() {
    await this._leave();
    this.isInitialized = false;
  }

  /** Ours, for tests: the connection, with its `member` id, `isUp` and `resume()`. */
  get emulatorLine() {
    return this.#line;
  }

  async _connect(who) {
    if (!this.isInitialized) throw NO_APP_KEY;
    await this._leave();
    const { appKey, extras = {} } = this.#options;
    const url = `${address(this.#options).replace(/^http/, "ws")}/sdk`;
    const line = new Line(url, { appKey, ...who }, this.#hooks(), extras.emulator);
    try {
      await line.open();
    } catch (error) {
      console.warn(`recording-emulator at ${url}: ${error.message}`);
      const known = error.code === NO_TENANT ? UNKNOWN_APP : NOT_LET_IN[error.args?.[0]];
      throw known ?? { code: FAILURE, message: `failure: ${error.message}` };
    }
    this.#line = line;
    try {
      await this.#call("initialize", { options: { appKey }, clientType: CLIENT_WEB });
      await this.#call("login", { account: who.user, token: who.token });
    } catch (error) {
      await this._leave();
      throw error;
    }
  }

  async _leave() {
    const line = this.#line;
    if (line === null) return;
    this.#line = null;
    await line.bye().catch(() => null); // a connection that is lost need not be left
    for (const each of this.roomService._contexts) await each._end(NERoomEndReason.LEAVE_BY_SELF);
  }

  async #call(method, params) {
    if (this.#line === null) throw UNAUTHORIZED;
    try {
      return await this.#line.call(method, params);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      console.warn(`recording-emulator: ${error.message}`);
      throw { code: FAILURE, message: `failure: ${error.message}` };
    }
  }

  #hooks() {
    const rooms = this.roomService;
    return {
      hear: async ({ name, room, args }) => {
        if (name === "onAuthEvent") await this.authService._tell(NEAuthEvent[args[0]]);
        else await rooms.getRoomContext(room)?._hear(name, args);
      },
      missed: () => rooms._look(),
      lost: async () => {
        const told = ["onRoomConnectStateChanged", [DISCONNECTED]]; // that it is back comes by line
        for (const each of rooms._contexts) await each._tell(...told);
      },
      back: () => rooms._look(),
      ended: async () => {
        this.#line = null;
        for (const each of rooms._contexts) await each._end(NERoomEndReason.LOGIN_STATE_ERROR);
        await this.authService._tell(NEAuthEvent.LOGGED_OUT);
      },
    };
  }
}

export default NERoomKit;

/**
 * Where to connect: `serverConfig` goes before `serverUrl` (§7), without a scheme it becomes https
 * (1.39); where neither is given, whence this module came.
 */
function address({ serverUrl, serverConfig }) {
  const named = serverConfig?.roomKitServerConfig?.roomServer ?? serverUrl;
  if (named === undefined) return `${new URL(import.meta.url).origin}/neroom`;
  const url = new URL(/^[a-z]+:\/\//i.test(named) ? named : `https://${named}`);
  return `${url.origin}${url.pathname.replace(/\/+$/, "") || "/neroom"}`;
}
