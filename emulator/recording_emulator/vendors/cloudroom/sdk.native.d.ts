/** The double of CloudRoom's SDK for Electron: what an app sees of it. */

import type { Line } from "./wire.js";

/** Members may also stand without the `_`. */
export interface CRLogin {
  _serverAddr?: string;
  /** 1: AppID and secret; tokens are not modelled. */
  _sdkAuthType?: 1;
  _appID?: string;
  _md5_appSecret?: string;
  _userID?: string;
  _nickName?: string;
  [key: string]: unknown;
}

export interface CRNativeMember {
  _userId: string;
  _nickName: string;
  _audioStatus: number;
  _videoStatus: number;
}

/**
 * Listeners by event; `exParam` and `jsonStr` are JSON texts. The emulator's clock waits for what a
 * listener returns.
 */
export interface CRNativeEvents {
  loginRslt(sdkErr: number, cookie?: string): unknown;
  createMeetingSuccess(meetID: number, cookie?: string): unknown;
  createMeetingFail(sdkErr: number, cookie?: string): unknown;
  destroyMeetingRslt(sdkErr: number, cookie?: string): unknown;
  enterMeetingRslt(sdkErr: number, cookie?: string): unknown;
  createCloudMixerFailed(mixerID: string, sdkErr: number): unknown;
  notifyCloudMixerStateChanged(
    mixerID: string,
    state: 0 | 1 | 2 | 4,
    exParam: string,
    operUserID: string,
  ): unknown;
  notifyCloudMixerInfoChanged(mixerID: string): unknown;
  notifyCloudMixerOutputInfoChanged(mixerID: string, jsonStr: string): unknown;
  notifyUserEnterMeeting(userID: string): unknown;
  notifyUserLeftMeeting(userID: string): unknown;
  notifyMicStatusChanged(userID: string, oldStatus: number, newStatus: number): unknown;
  notifyVideoStatusChanged(userID: string, oldStatus: number, newStatus: number): unknown;
  notifyMeetingStopped(): unknown;
  notifyMeetingDropped(reason: number): unknown;
  notifyLineOff(sdkErr: number): unknown;
}

export declare class NativeSdk {
  on<Name extends keyof CRNativeEvents>(name: Name, listener: CRNativeEvents[Name]): void;
  off<Name extends keyof CRNativeEvents>(name: Name, listener: CRNativeEvents[Name]): void;
  init(params?: object): number;
  uninit(): Promise<void>;
  login(given: CRLogin, cookie?: string): void;
  logout(): Promise<void>;
  createMeeting(cookie?: string): void;
  destroyMeeting(meetID: number, cookie?: string): void;
  enterMeeting(meetID: number, cookie?: string): void;
  exitMeeting(): Promise<void>;
  kickout(userID: string): void;
  getAllMembers(): CRNativeMember[];
  getMemberInfo(userID: string): CRNativeMember | Record<string, never>;
  openVideo(userID?: string): void;
  closeVideo(userID?: string): void;
  openMic(userID?: string): void;
  closeMic(userID?: string): void;
  /** An empty text where it is seen at once that it fails. */
  createCloudMixer(cfg: string): string;
  updateCloudMixerContent(mixerID: string, cfg: string): number;
  destroyCloudMixer(mixerID: string): void;
  getAllCloudMixerInfo(): string;
  getCloudMixerInfo(mixerID: string): string;
  /** Ours, for tests: the connection; null when nobody is logged in. */
  readonly emulatorLine: Line | null;
}

declare const rtcsdk: NativeSdk;
export default rtcsdk;
