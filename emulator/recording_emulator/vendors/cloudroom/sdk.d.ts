/** The double of CloudRoom's web SDK and of its mini-app's: what an app sees of them. */

import type { Line } from "./wire.js";

/** What promises resolve with, and are rejected with; 0 is success. */
export interface CRResult {
  errCode: number;
  errDesc: string;
}

export interface CRLayoutItem {
  /** 0 camera, 3 shared media, 5 shared screen, 6 whiteboard, 10 text. */
  type: 0 | 3 | 5 | 6 | 10;
  left?: number;
  top?: number;
  width?: number;
  height?: number;
  keepAspectRatio?: 0 | 1;
  param?: {
    /** `user.camera`; camera -1 is the user's default one. */
    camid?: string;
    text?: string;
    color?: string;
    background?: string;
    "font-size"?: number;
    "text-margin"?: number;
  };
}

export interface CRAudioFileCfg {
  svrPathName?: string;
  svrPath?: string;
  svrFileNameSuffix?: ".mp3" | ".wav";
  /** `_cr_all_`, or users. */
  subscribeAudios?: string[];
  aChannelType?: 0 | 1;
  aChannelContent?: string[];
}

export interface CRVideoFileCfg {
  /** Several are joined by `;`, live addresses among them. */
  svrPathName?: string;
  svrPath?: string;
  svrFileNameSuffix?: ".mp4";
  /** `_cr_all_`, `_cr_allDefCam_`, or cameras; the mini-app's SDK reads `subscribeAudios`. */
  subscribeVideos?: string[];
  subscribeAudios?: string[];
  aStreamType?: 0 | 1;
  aChannelType?: 0 | 1;
  aChannelContent?: string[];
  pushCfg?: { streamID: string; urls: string | string[] }[];
  vWidth?: number;
  vHeight?: number;
  vFps?: number;
  vBps?: number;
  vQP?: number;
  layoutConfig?: CRLayoutItem[];
  mixedLayout?: number;
}

export interface CRStorageConfig {
  vendor: 1;
  region: string;
  bucket: string;
  accessKey: string;
  secretKey: string;
}

export interface CRCloudMixerCfg {
  /** 0: one picture, 1: a file for each stream. */
  mode?: 0 | 1;
  audioFileCfg?: CRAudioFileCfg;
  videoFileCfg?: CRVideoFileCfg;
  storageConfig?: CRStorageConfig;
}

/** `owner` is empty while whoever created it is not in the room. */
export interface CRCloudMixerInfo {
  ID: string;
  owner: string;
  cfg: CRCloudMixerCfg;
  state: CRMixerState;
}

/** 0 stopped, 1 starting, 2 running, 4 stopping. */
export type CRMixerState = 0 | 1 | 2 | 4;

/** 1 running, 2 closed, 3 failed, 4 uploading, 5 uploaded, 6 not uploaded, 7 can be queried. */
export interface CRCloudMixerOutputInfo {
  id: string;
  state: 1 | 2 | 3 | 4 | 5 | 6 | 7;
  svrFilePathName: string;
  fileName: string;
  startTime?: number;
  duration?: number;
  fileSize?: number;
  progress?: number;
  errCode?: number;
  errDesc?: string;
}

/** `err` is there at state 0, and 0 where nothing went wrong; at state 1 this is the cfg. */
export type CRExParam = { err?: number; errDesc?: string } & CRCloudMixerCfg;

/** Statuses: 2 closed, 3 open. */
export interface CRMember {
  userID: string;
  nickname: string;
  audioStatus: number;
  videoStatus: number;
}

export interface CRInitParams {
  /** Ours: `mutateCfg` writes into the app's own cfg, as the real SDKs do. */
  emulator?: { mutateCfg?: boolean };
  [key: string]: unknown;
}

/** An event has one listener. The emulator's clock waits for what it returns. */
export interface CREvent<Args extends unknown[]> {
  callback: ((...args: Args) => unknown) | null;
  target(...args: Args): Promise<void>;
}

/** What both SDKs have. */
interface CRShared {
  readonly NOERR: 0;
  Init(params?: CRInitParams): Promise<void>;
  Uninit(): Promise<void>;
  /** Where the emulator is: `http://127.0.0.1:8787/cloudroom`; otherwise whence this came. */
  SetServerAddr(addr: string): void;
  /** `secret` is the MD5 of the AppSecret. */
  Login(
    appID: string,
    secret: string,
    nickname: string,
    userID: string,
    userAuthCode?: string,
    cookie?: string,
  ): void;
  Logout(): Promise<void>;
  CreateMeeting2(cookie?: string): void;
  DestroyMeeting(meetID: number, cookie?: string): void;
  EnterMeeting3(meetID: number, cookie?: string): void;
  ExitMeeting(): Promise<void>;
  Kickout(userID: string): Promise<CRResult>;
  GetAllMembers(): CRMember[];
  GetMemberInfo(userID: string): CRMember | null;
  /** One's own; those of others are not modelled. */
  OpenVideo(userID?: string): void;
  CloseVideo(userID?: string): void;
  OpenMic(userID?: string): void;
  CloseMic(userID?: string): void;
  /** The id comes at once, and is no success. */
  CreateCloudMixer(cfg: CRCloudMixerCfg): string;
  GetAllCloudMixerInfo(): CRCloudMixerInfo[];
  GetCloudMixerInfo(mixerID: string): CRCloudMixerInfo | null;
  readonly LoginSuccess: CREvent<[userID: string, cookie?: string]>;
  readonly LoginFail: CREvent<[sdkErr: number, cookie?: string]>;
  readonly LineOff: CREvent<[sdkErr: number]>;
  readonly CreateMeetingSuccess: CREvent<[info: { ID: number }, cookie?: string]>;
  readonly CreateMeetingFail: CREvent<[sdkErr: number, cookie?: string]>;
  readonly DestroyMeetingRslt: CREvent<[sdkErr: number, cookie?: string]>;
  readonly EnterMeetingRslt: CREvent<[sdkErr: number, cookie?: string]>;
  readonly UserEnterMeeting: CREvent<[userID: string]>;
  readonly UserLeftMeeting: CREvent<[userID: string]>;
  readonly MeetingStopped: CREvent<[]>;
  /** 0 the connection, 1 kicked out. */
  readonly MeetingDropped: CREvent<[reason: number]>;
  readonly AudioStatusChanged: CREvent<[userID: string, oldStatus: number, newStatus: number]>;
  readonly VideoStatusChanged: CREvent<[userID: string, oldStatus: number, newStatus: number]>;
  /** Also when one fails that has run for hours. */
  readonly CreateCloudMixerFailed: CREvent<[mixerID: string, sdkErr: number]>;
  readonly CloudMixerStateChanged: CREvent<
    [mixerID: string, state: CRMixerState, exParam: CRExParam, operUserID: string]
  >;
  readonly CloudMixerInfoChanged: CREvent<[mixerID: string]>;
  readonly CloudMixerOutputInfoChanged: CREvent<[mixerID: string, info: CRCloudMixerOutputInfo]>;
  /** Ours, for tests: the connection; null when nobody is logged in. */
  readonly emulatorLine: Line | null;
}

export interface WebSdk extends CRShared {
  /** Of a mixer that is not there, and outside of a room, the promise never settles. */
  UpdateCloudMixerContent(mixerID: string, cfg: CRCloudMixerCfg): Promise<CRResult>;
  DestroyCloudMixer(mixerID: string): Promise<CRResult>;
}
export declare const WebSdk: new () => WebSdk;

export interface MiniSdk extends CRShared {
  /** undefined: there is no such mixer. */
  UpdateCloudMixerContent(mixerID: string, cfg: CRCloudMixerCfg): number | undefined;
  DestroyCloudMixer(mixerID: string): void;
}
export declare const MiniSdk: new () => MiniSdk;

/** The web SDK of this page. */
export declare const RTCSDK: WebSdk;
export default RTCSDK;

/** The same members, as the older script has them. */
declare global {
  var CRVideo_NOERR: WebSdk["NOERR"];
  var CRVideo_Init: WebSdk["Init"];
  var CRVideo_Uninit: WebSdk["Uninit"];
  var CRVideo_SetServerAddr: WebSdk["SetServerAddr"];
  var CRVideo_Login: WebSdk["Login"];
  var CRVideo_Logout: WebSdk["Logout"];
  var CRVideo_CreateMeeting2: WebSdk["CreateMeeting2"];
  var CRVideo_DestroyMeeting: WebSdk["DestroyMeeting"];
  var CRVideo_EnterMeeting3: WebSdk["EnterMeeting3"];
  var CRVideo_ExitMeeting: WebSdk["ExitMeeting"];
  var CRVideo_Kickout: WebSdk["Kickout"];
  var CRVideo_GetAllMembers: WebSdk["GetAllMembers"];
  var CRVideo_GetMemberInfo: WebSdk["GetMemberInfo"];
  var CRVideo_OpenVideo: WebSdk["OpenVideo"];
  var CRVideo_CloseVideo: WebSdk["CloseVideo"];
  var CRVideo_OpenMic: WebSdk["OpenMic"];
  var CRVideo_CloseMic: WebSdk["CloseMic"];
  var CRVideo_CreateCloudMixer: WebSdk["CreateCloudMixer"];
  var CRVideo_GetAllCloudMixerInfo: WebSdk["GetAllCloudMixerInfo"];
  var CRVideo_GetCloudMixerInfo: WebSdk["GetCloudMixerInfo"];
  var CRVideo_LoginSuccess: WebSdk["LoginSuccess"];
  var CRVideo_LoginFail: WebSdk["LoginFail"];
  var CRVideo_LineOff: WebSdk["LineOff"];
  var CRVideo_CreateMeetingSuccess: WebSdk["CreateMeetingSuccess"];
  var CRVideo_CreateMeetingFail: WebSdk["CreateMeetingFail"];
  var CRVideo_DestroyMeetingRslt: WebSdk["DestroyMeetingRslt"];
  var CRVideo_EnterMeetingRslt: WebSdk["EnterMeetingRslt"];
  var CRVideo_UserEnterMeeting: WebSdk["UserEnterMeeting"];
  var CRVideo_UserLeftMeeting: WebSdk["UserLeftMeeting"];
  var CRVideo_MeetingStopped: WebSdk["MeetingStopped"];
  var CRVideo_MeetingDropped: WebSdk["MeetingDropped"];
  var CRVideo_AudioStatusChanged: WebSdk["AudioStatusChanged"];
  var CRVideo_VideoStatusChanged: WebSdk["VideoStatusChanged"];
  var CRVideo_CreateCloudMixerFailed: WebSdk["CreateCloudMixerFailed"];
  var CRVideo_CloudMixerStateChanged: WebSdk["CloudMixerStateChanged"];
  var CRVideo_CloudMixerInfoChanged: WebSdk["CloudMixerInfoChanged"];
  var CRVideo_CloudMixerOutputInfoChanged: WebSdk["CloudMixerOutputInfoChanged"];
  var CRVideo_UpdateCloudMixerContent: WebSdk["UpdateCloudMixerContent"];
  var CRVideo_DestroyCloudMixer: WebSdk["DestroyCloudMixer"];
}
