/** The double of NERoom's Web SDK (`neroom-web-sdk`): what an app sees of it. */

import type { Line } from "./wire.js";

/** What promises resolve with, and (without `data`) are rejected with; `code` 0 is success. */
export interface NEResult<T = null> {
  code: number;
  message: string;
  data: T;
}

/** The "on" value is the falsy one. */
export declare const NERoomCloudRecordState: {
  readonly recordingStart: 0;
  readonly recordingStop: 1;
};
export type NERoomCloudRecordState =
  typeof NERoomCloudRecordState[keyof typeof NERoomCloudRecordState];

export declare const NERoomEndReason: {
  readonly LEAVE_BY_SELF: "LEAVE_BY_SELF";
  readonly SYNC_DATA_ERROR: "SYNC_DATA_ERROR";
  readonly kICK_BY_SELF: "kICK_BY_SELF";
  readonly KICK_BY_OTHER_DEVICE: "KICK_BY_OTHER_DEVICE";
  readonly KICK_OUT: "KICK_OUT";
  readonly CLOSE_BY_MEMBER: "CLOSE_BY_MEMBER";
  readonly END_OF_LIFE: "END_OF_LIFE";
  readonly ALL_MEMBERS_OUT: "ALL_MEMBERS_OUT";
  readonly CLOSE_BY_BACKEND: "CLOSE_BY_BACKEND";
  readonly LOGIN_STATE_ERROR: "LOGIN_STATE_ERROR";
  readonly MOVE_TO_WAITING_ROOM: "MOVE_TO_WAITING_ROOM";
  readonly UNKNOWN: "UNKNOWN";
};
export type NERoomEndReason = keyof typeof NERoomEndReason;

export declare const NEAuthEvent: {
  readonly KICK_OUT: 0;
  readonly UNAUTHORIZED: 1;
  readonly FORBIDDEN: 2;
  readonly ACCOUNT_TOKEN_ERROR: 3;
  readonly LOGGED_IN: 4;
  readonly LOGGED_OUT: 5;
  readonly TOKEN_EXPIRED: 1026;
  readonly TOKEN_INCORRECT: 1027;
};
export type NEAuthEvent = typeof NEAuthEvent[keyof typeof NEAuthEvent];

export interface NERoomKitOptions {
  appKey: string;
  /** Where the emulator is: `http://127.0.0.1:8787/neroom`; without a scheme it becomes https. */
  serverUrl?: string;
  /** Goes before `serverUrl`. */
  serverConfig?: { roomKitServerConfig?: { roomServer?: string; lbsServer?: string } };
  useAssetServerConfig?: boolean;
  /** `emulator` is ours, for tests: a connection that is lost stays so until `resume()`. */
  extras?: { emulator?: { comesBack?: boolean }; [key: string]: unknown };
}

export interface NECreateRoomParams {
  roomUuid: string;
  roomName?: string;
  templateId?: number;
  password?: string;
  initialProperties?: Record<string, string>;
  maxMembers?: number;
  [key: string]: unknown;
}

export interface NECreateRoomOptions {
  enableRtc?: boolean;
  /** Without it a start is answered 600420. */
  enableRecord?: boolean;
  enableChatroom?: boolean;
  enableWhiteboard?: boolean;
  enableLive?: boolean;
  enableWaitingRoom?: boolean;
}

export interface NEJoinRoomParams {
  roomUuid: string;
  userName: string;
  role?: string;
  avatar?: string;
  password?: string;
  kickOtherDevice?: boolean;
  initialProperties?: Record<string, string>;
  [key: string]: unknown;
}

export interface NEJoinRoomOptions {
  enableMyAudioDeviceOnJoinRtc?: boolean;
  autoSubscribeAudio?: boolean;
  autoStartVideo?: boolean;
}

/** `modeList` is read when `rtcRecordType` is 100; each mode at most once. */
export interface NERoomRecordConfig {
  rtcRecordType?: 0 | 100;
  modeList?: { mode: 0 | 1 | 2 | 3 | 4 | 5 | 6 }[];
}

export interface NERoomMember {
  uuid: string;
  name: string;
  role: { name: string };
  isAudioOn: boolean;
  isVideoOn: boolean;
  isInRtcChannel: boolean;
  isSharingScreen: boolean;
  clientType: number;
  rtcUid: number;
  connectedDeviceList: NEMemberDevice[];
  [key: string]: unknown;
}

/** One of the devices a user is in the room with (1.43.0). */
export interface NEMemberDevice {
  deviceId: string;
  clientType: number;
  isAudioOn: boolean;
  isVideoOn: boolean;
  isSharingScreen: boolean;
  rtcUid: number;
}

export interface NERecordFileInfo {
  type: "aac" | "mp4" | "flv";
  mix: boolean;
  filename: string;
  md5: string;
  size: number;
  url: string;
  vid: number;
  pieceIndex: number;
  /** Only of a single stream. */
  userUuid?: string;
  nickname?: string;
  /** What the guide promises of a file, if the setting `list_vod_detail` is on. */
  vodInfo?: Record<string, unknown>;
}

/** `infoList` is empty until the upload is done; `recordEndTime` is 0 while recording goes on. */
export interface NERoomRecord {
  recordId: string;
  recordStartTime: number;
  recordEndTime: number;
  infoList: NERecordFileInfo[];
}

/** The emulator's clock waits for what a listener returns. */
export interface NERoomListener {
  onMemberJoinRoom?(members: NERoomMember[]): unknown;
  onMemberLeaveRoom?(members: NERoomMember[]): unknown;
  onMemberJoinRtcChannel?(members: NERoomMember[]): unknown;
  onMemberLeaveRtcChannel?(members: NERoomMember[]): unknown;
  onMemberAudioMuteChanged?(member: NERoomMember, mute: boolean, operateBy?: NERoomMember): unknown;
  onMemberVideoMuteChanged?(member: NERoomMember, mute: boolean, operateBy?: NERoomMember): unknown;
  onMemberScreenShareStateChanged?(
    member: NERoomMember,
    isSharing: boolean,
    operateBy?: NERoomMember,
  ): unknown;
  onMemberRoleChanged?(
    member: NERoomMember,
    oldRole: NERoomMember["role"],
    newRole: NERoomMember["role"],
  ): unknown;
  onMemberNameChanged?(member: NERoomMember, name: string, operateBy?: NERoomMember): unknown;
  onMemberConnectedDeviceListChanged?(member: NERoomMember): unknown;
  onRoomPropertiesChanged?(properties: Record<string, string>): unknown;
  onRoomPropertiesDeleted?(properties: Record<string, string>): unknown;
  /** Nobody is named when the recording ended by itself. */
  onRoomCloudRecordStateChanged?(state: NERoomCloudRecordState, operateBy?: NERoomMember): unknown;
  onRoomLockStateChanged?(isLocked: boolean): unknown;
  onRoomRemainingSecondsRenewed?(remainingSeconds: number): unknown;
  /** 0: the connection is lost; 1: it is back, and what was missed is not told again. */
  onRoomConnectStateChanged?(state: 0 | 1): unknown;
  onRoomEnded?(reason: NERoomEndReason): unknown;
  onRtcChannelError?(code: number): unknown;
}

/** The calls on media; those on views and subscriptions succeed and do nothing. */
export interface NERoomRtcController {
  joinRtcChannel(): Promise<NEResult>;
  leaveRtcChannel(): Promise<NEResult>;
  muteMyAudio(): Promise<NEResult>;
  unmuteMyAudio(): Promise<NEResult>;
  muteMyVideo(): Promise<NEResult>;
  unmuteMyVideo(): Promise<NEResult>;
  muteMemberAudio(userUuid: string): Promise<NEResult>;
  muteMemberVideo(userUuid: string): Promise<NEResult>;
  startScreenShare(): Promise<NEResult>;
  stopScreenShare(): Promise<NEResult>;
  /** Who is recorded: `kNERtcKeyRecordAudioEnabled` and the like. Counts before `joinRoom` only. */
  setParameters(parameters: Record<string, unknown>): Promise<NEResult>;
  setupLocalVideoCanvas(view?: unknown): Promise<NEResult>;
  setupRemoteVideoCanvas(view?: unknown, userUuid?: string): Promise<NEResult>;
  setupRemoteVideoSubStreamCanvas(view?: unknown, userUuid?: string): Promise<NEResult>;
  setupRemoteSubVideoCanvas(view?: unknown, userUuid?: string): Promise<NEResult>;
  subscribeRemoteVideoStream(userUuid: string, subscribe?: unknown): Promise<NEResult>;
  unsubscribeRemoteVideoStream(userUuid: string): Promise<NEResult>;
  subscribeRemoteVideoSubStream(userUuid: string, subscribe?: boolean): Promise<NEResult>;
  unsubscribeRemoteVideoSubStream(userUuid: string): Promise<NEResult>;
}

/** A room this client is in; its fields follow what happens there. */
export interface NERoomContext {
  readonly roomUuid: string;
  readonly roomName: string;
  readonly roomArchiveId: string;
  readonly roomProperties: Record<string, string>;
  readonly localMember: NERoomMember;
  readonly remoteMembers: NERoomMember[];
  readonly remainingSeconds: number;
  readonly rtcStartTime: number;
  readonly maxMembers: number;
  readonly isRoomLocked: boolean;
  /** A newcomer, and one that was away, is not told: it reads this. */
  readonly isCloudRecording: boolean;
  readonly rtcController: NERoomRtcController;
  addRoomListener(listener: NERoomListener): void;
  removeRoomListener(listener: NERoomListener): void;
  startCloudRecord(config?: NERoomRecordConfig): Promise<NEResult>;
  stopCloudRecord(): Promise<NEResult>;
  changeMemberRole(userUuid: string, role: string): Promise<NEResult>;
  kickMemberOut(userUuid: string): Promise<NEResult>;
  leaveRoom(): Promise<NEResult>;
  /** `isForce` makes no difference here. */
  endRoom(isForce?: boolean): Promise<NEResult>;
  changeMyName(name: string): Promise<NEResult>;
  lockRoom(): Promise<NEResult>;
  unlockRoom(): Promise<NEResult>;
  getMember(uuid: string): NERoomMember | undefined;
}

export interface NERoomService {
  createRoom(
    params: NECreateRoomParams,
    options?: NECreateRoomOptions,
  ): Promise<NEResult<{ roomArchiveId: string }>>;
  joinRoom(params: NEJoinRoomParams, options?: NEJoinRoomOptions): Promise<NEResult<NERoomContext>>;
  /** null before `joinRoom` and after the end. */
  getRoomContext(roomUuid: string): NERoomContext | null;
  getRoomCloudRecordList(roomArchiveId: string): Promise<NEResult<NERoomRecord[]>>;
  previewRoom(params?: object, options?: object): { previewController: NERoomRtcController };
}

export type NEAuthListener =
  | ((event: NEAuthEvent) => unknown)
  | { onAuthEvent(event: NEAuthEvent): unknown };

export interface NEAuthService {
  readonly isLoggedIn: boolean;
  login(account: string, token: string): Promise<NEResult>;
  logout(): Promise<NEResult>;
  addAuthListener(listener: NEAuthListener): void;
  removeAuthListener(listener?: NEAuthListener): void;
}

export declare class NERoomKit {
  static getInstance(): NERoomKit;
  readonly authService: NEAuthService;
  readonly roomService: NERoomService;
  readonly isInitialized: boolean;
  initialize(options: NERoomKitOptions): Promise<NEResult>;
  release(): Promise<void>;
  /** Ours, for tests: the connection; null when nobody is logged in. */
  readonly emulatorLine: Line | null;
}

export default NERoomKit;
