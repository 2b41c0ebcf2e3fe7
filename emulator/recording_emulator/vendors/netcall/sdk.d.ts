/** The double of NIM's Web SDK and its plug-ins for calls: what an app sees of them. */

import type { Line } from "./wire.js";

export interface NIMOptions {
  appKey: string;
  account: string;
  token: string;
  onconnect?(info: { account: string }): unknown;
  onwillreconnect?(info: { retryCount: number; duration: number }): unknown;
  /** `code` is 302 where account and token do not fit. */
  ondisconnect?(error: { code: number | string; message: string }): unknown;
  /**
   * Ours: where the emulator is (`http://127.0.0.1:8787/netcall`; else whence this module came),
   * and, for tests, that a connection which is lost stays so until `emulatorLine.resume()`.
   */
  emulator?: { url?: string; comesBack?: boolean };
  [key: string]: unknown;
}

/** The IM connection of one account, as far as calls need it. */
export declare class NIM {
  constructor(options: NIMOptions);
  /** One per account, as long as it lives; without options, the one there is. */
  static getInstance(options?: NIMOptions): NIM;
  static use(plugin: unknown): void;
  readonly account: string;
  readonly options: NIMOptions;
  disconnect(): Promise<void>;
  destroy(): Promise<void>;
  /** Ours, for tests. */
  get emulatorLine(): Line;
  /** Ours, for tests: resolves when all that was asked is answered, waited for or not. */
  emulatorIdle(): Promise<void>;
}

export type NetcallType = 1 | 2;

/** What of a session is about recording; others are taken as well. */
export interface SessionConfig {
  recordAudio?: boolean;
  recordVideo?: boolean;
  /** 0: mixed and single files, 1: mixed alone, 2: single alone. */
  recordType?: 0 | 1 | 2;
  isHostSpeaker?: boolean;
  singleRecord?: boolean;
  liveEnable?: boolean;
  rtmpUrl?: string;
  rtmpRecord?: boolean;
  [key: string]: unknown;
}

export interface CallOptions {
  type: NetcallType;
  account: string;
  webrtcEnable?: boolean;
  pushConfig?: Record<string, unknown>;
  sessionConfig?: SessionConfig;
}

/** `channelId` is a number here, and a text in the copies. */
export interface BeCalledInfo {
  timetag: number;
  type: NetcallType;
  channelId: number;
  account: string;
  uid: number;
  accountUidMap: Record<string, number>;
  custom?: string;
  [key: string]: unknown;
}

export interface ResponseOptions {
  accepted?: boolean;
  beCalledInfo?: BeCalledInfo;
  sessionConfig?: SessionConfig;
}

export interface CallResult {
  timetag: number;
  uid: number;
  channelId: number;
  accountUidMap: Record<string, number>;
  type: NetcallType;
  [key: string]: unknown;
}

export interface ChannelOptions {
  channelName: string;
  type?: NetcallType;
  custom?: string;
  liveEnable?: boolean;
  sessionConfig?: SessionConfig;
}

export interface ChannelResult {
  timetag: number;
  channelId: number;
  custom: string;
  accountUidMap?: Record<string, number>;
  serverMap?: string;
  clientConfig?: string;
}

/** A file that an agent writes; `time` is there at the end, in ms. */
export interface AgentResult {
  code: number;
  mp4_file?: string;
  file?: string;
  time?: number;
}

export interface RecordMp4 {
  mp4_file: string;
  time: number;
  type: "start" | "close";
  status?: 0 | 1 | 2 | 3;
  id?: number;
}

export interface MediaRecord {
  id: string;
  type: "camera" | "screen" | "video" | "audio";
  name: string;
  status: "init" | "starting" | "stopped" | "downloaded";
  isRecording: boolean;
  /** In seconds. */
  startTime: number;
  endTime: number | null;
  uid: number | "local";
  account: string;
  reset: unknown;
}

/** Without `channelId` where a PC Agent has lost the peer; `name` and `code` in a browser. */
export interface HangUp {
  account: string;
  channelId?: number;
  timetag?: number;
  name?: "USER_LEFT_QUIT" | "USER_LEFT_TIMEOUT";
  code?: 0 | 1;
  desc?: string;
  uid?: number;
  type?: NetcallType;
  isMeeting?: false;
}

export interface NetcallEvents {
  beCalling: BeCalledInfo;
  callAccepted: { type: NetcallType; account: string; uid?: number; channelId?: number };
  callRejected: { type: NetcallType; account: string; channelId?: number; accepted?: false };
  callerAckSync: {
    timetag: number;
    channelId: number;
    type: NetcallType;
    accepted: boolean;
    fromClientType: number;
  };
  hangup: HangUp;
  control: { account: string; type: number; channelId: number; command?: number };
  joinChannel: { type: NetcallType; account: string; uid: number; channelId: number };
  leaveChannel: { type: NetcallType; account: string; uid: number; channelId: number };
  error: { type: string };
  recordMp4: RecordMp4;
  /** `id` is a counter here, and no key of the list; `isRecording` is still true. */
  recordStopped: Omit<MediaRecord, "id"> & { id: number | string };
  streamEnded: { type: string };
}

type Name = keyof NetcallEvents;
type Listener<K extends Name> = (this: any, data: NetcallEvents[K]) => unknown;

/** What both builds have. */
declare class Build {
  static support(): boolean;
  static readonly NETCALL_TYPE_AUDIO: 1;
  static readonly NETCALL_TYPE_VIDEO: 2;
  static readonly DEVICE_TYPE_AUDIO_IN: 0;
  static readonly DEVICE_TYPE_AUDIO_OUT_LOCAL: 1;
  static readonly DEVICE_TYPE_AUDIO_OUT_CHAT: 2;
  static readonly DEVICE_TYPE_VIDEO: 3;
  static readonly CHAT_VIDEO_QUALITY_NORMAL: 0;
  static readonly CHAT_VIDEO_QUALITY_LOW: 1;
  static readonly CHAT_VIDEO_QUALITY_MEDIUM: 2;
  static readonly CHAT_VIDEO_QUALITY_HIGH: 3;
  static readonly CHAT_VIDEO_QUALITY_480P: 4;
  static readonly CHAT_VIDEO_QUALITY_540P: 5;
  static readonly CHAT_VIDEO_QUALITY_720P: 6;
  static readonly CHAT_VIDEO_QUALITY_1080P: 7;
  static readonly CHAT_VIDEO_FRAME_RATE_NORMAL: 0;
  static readonly CHAT_VIDEO_FRAME_RATE_5: 1;
  static readonly CHAT_VIDEO_FRAME_RATE_10: 2;
  static readonly CHAT_VIDEO_FRAME_RATE_15: 3;
  static readonly CHAT_VIDEO_FRAME_RATE_20: 4;
  static readonly CHAT_VIDEO_FRAME_RATE_25: 5;
  static readonly NETCALL_CONTROL_COMMAND_NOTIFY_AUDIO_ON: 1;
  static readonly NETCALL_CONTROL_COMMAND_NOTIFY_AUDIO_OFF: 2;
  static readonly NETCALL_CONTROL_COMMAND_NOTIFY_VIDEO_ON: 3;
  static readonly NETCALL_CONTROL_COMMAND_NOTIFY_VIDEO_OFF: 4;
  static readonly NETCALL_CONTROL_COMMAND_SWITCH_AUDIO_TO_VIDEO: 5;
  static readonly NETCALL_CONTROL_COMMAND_SWITCH_AUDIO_TO_VIDEO_AGREE: 6;
  static readonly NETCALL_CONTROL_COMMAND_SWITCH_AUDIO_TO_VIDEO_REJECT: 7;
  static readonly NETCALL_CONTROL_COMMAND_SWITCH_VIDEO_TO_AUDIO: 8;
  static readonly NETCALL_CONTROL_COMMAND_BUSY: 9;
  static readonly NETCALL_CONTROL_COMMAND_SELF_CAMERA_INVALID: 10;
  static readonly NETCALL_CONTROL_COMMAND_SELF_ON_BACKGROUND: 11;
  static readonly NETCALL_CONTROL_COMMAND_START_NOTIFY_RECEIVED: 12;
  static readonly NETCALL_CONTROL_COMMAND_NOTIFY_RECORD_START: 13;
  static readonly NETCALL_CONTROL_COMMAND_NOTIFY_RECORD_STOP: 14;
  static readonly NETCALL_CONTROL_COMMAND_SELF_AUDIO_INVALID: 16;

  readonly nim: NIM;
  readonly calling: boolean;
  readonly callAccepted: boolean;
  readonly channelId: number;
  readonly type: NetcallType | 0;
  readonly isCaller: boolean;
  readonly signalInited: boolean;
  /** Ours, for tests: what this page has been given to save. */
  readonly emulatorDownloads: { name: string; url: string }[];

  on<K extends Name>(name: K, listener: Listener<K>, context?: unknown): this;
  once<K extends Name>(name: K, listener: Listener<K>, context?: unknown): this;
  off<K extends Name>(name: K, listener?: Listener<K>): this;
  removeListener<K extends Name>(name: K, listener?: Listener<K>): this;
  removeAllListeners(name?: Name): this;
  emit(name: string, ...args: unknown[]): boolean;

  initSignal(): Promise<void>;
  response(options?: ResponseOptions): Promise<{ channelId: number } | undefined>;
  hangup(options?: { channelId?: number }): void;
  isCurrentChannelId(about?: { channelId?: number }): boolean;
  notCurrentChannelId(about?: { channelId?: number }): boolean;
  switchVideoToAudio(): Promise<void>;
  switchAudioToVideo(): Promise<void>;
  createChannel(options: { channelName: string; custom?: string }): Promise<ChannelResult>;
  joinChannel(options: ChannelOptions): Promise<ChannelResult>;
  leaveChannel(): Promise<void>;
  resetWhenHangup(): void;
  destroy(): void;

  startDevice(options: { type: number; [key: string]: unknown }): Promise<void>;
  stopDevice(type: number | { type: number }): Promise<void>;
  getDevicesOfType(type: number): Promise<{ devices: { deviceId: string; label: string }[] }>;

  // There are no media: these are there and do nothing.
  startLocalStream(...given: unknown[]): Promise<void>;
  stopLocalStream(...given: unknown[]): Promise<void>;
  startRemoteStream(...given: unknown[]): Promise<void>;
  stopRemoteStream(...given: unknown[]): Promise<void>;
  suspendLocalStream(...given: unknown[]): Promise<void>;
  resumeLocalStream(...given: unknown[]): Promise<void>;
  suspendRemoteStream(...given: unknown[]): Promise<void>;
  resumeRemoteStream(...given: unknown[]): Promise<void>;
  setCaptureVolume(...given: unknown[]): Promise<void>;
  setPlayVolume(...given: unknown[]): Promise<void>;
  setVideoViewSize(...given: unknown[]): Promise<void>;
  setVideoViewRemoteSize(...given: unknown[]): Promise<void>;
  setSessionVideoQuality(...given: unknown[]): Promise<void>;
  setSessionVideoFrameRate(...given: unknown[]): Promise<void>;
  setSessionVideoBitrate(...given: unknown[]): Promise<void>;
  setAudioBlack(...given: unknown[]): Promise<void>;
  changeRoleToPlayer(...given: unknown[]): Promise<void>;
  changeRoleToAudience(...given: unknown[]): Promise<void>;
  netDetect(...given: unknown[]): Promise<void>;
}

/** The build with a PC Agent. */
export declare class Netcall extends Build {
  static getInstance(options?: { nim?: NIM; [key: string]: unknown }): Netcall;
  stopSignal(): Promise<void>;
  call(options: CallOptions): Promise<CallResult>;
  control(options: { channelId?: number; command: number }): Promise<void>;
  startRecordMp4(options: {
    path: string;
    account?: string;
    aac?: boolean;
    recode?: boolean;
    width?: number;
    height?: number;
  }): Promise<AgentResult>;
  stopRecordMp4(options?: { account?: string }): Promise<AgentResult>;
  startRecordAac(options: { path: string }): Promise<AgentResult>;
  stopRecordAac(): Promise<AgentResult>;
}

type BothConfigs = Required<Pick<CallOptions, "pushConfig" | "sessionConfig">>;

/** The builds of the browser alone: 8.5, or 6.1, which has no records to list. */
export declare class WebRTC extends Build {
  static getInstance(options?: {
    nim?: NIM;
    /** Ours: the build, where the import does not say it. */
    emulator?: { sdkProfile?: "webrtc-8.5" | "webrtc-6.1" };
    [key: string]: unknown;
  }): WebRTC;
  call(options: CallOptions & BothConfigs): Promise<void>;
  control(options: { channelId?: number; command: number }): void;
  startRtc(): Promise<void>;
  /** In 8.5 there is no promise for an account that is not in the call. */
  startRecordMp4(account?: string): Promise<{ recordId?: string; uid?: number }> | undefined;
  stopRecordMp4(): Promise<void>;
  /** In 8.5 it throws. */
  startRecordAac(): Promise<{ uid: number; type: "audio" }>;
  stopRecordAac(): Promise<void>;
  startMediaRecording(options?: {
    account?: string;
    type?: MediaRecord["type"];
    reset?: boolean;
  }): Promise<{ recordId: string }>;
  listMediaRecording(): Record<string, MediaRecord>;
  stopMediaRecording(options: { recordId: string }): Promise<void>;
  downloadMediaRecording(options: { recordId: string }): Promise<MediaRecord>;
  cleanMediaRecording(options: { recordId: string }): Promise<void>;
}

export default Netcall;
