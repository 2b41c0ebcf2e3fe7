/** Apps in TypeScript, checked and never run: the types of the doubles are those they need. */

import RTCSDK, { MiniSdk, type CRCloudMixerCfg, type CRCloudMixerInfo } from "./cloudroom.js";
import rtcsdk, { NativeSdk } from "./cloudroom.native.js";

const cfg: CRCloudMixerCfg = {
  mode: 0,
  videoFileCfg: {
    svrPathName: "/2031-05-06/a.mp4;rtmp://push.example.test/live/k1;",
    vWidth: 1280,
    vHeight: 720,
    layoutConfig: [
      { type: 0, left: 0, top: 180, width: 640, height: 360, param: { camid: "alice.-1" } },
      { type: 10, left: 960, top: 670, param: { text: "%timestamp%", "font-size": 18 } },
      // @ts-expect-error a picture is for local mixers only
      { type: 1, left: 0, top: 0 },
    ],
  },
};

let mixerID = "";
let file = "";

RTCSDK.CloudMixerStateChanged.callback = (id, state, exParam, operUserID) => {
  if (id !== mixerID) return;
  const isOver: boolean = state === 0;
  const why: number | undefined = exParam.err;
  // @ts-expect-error an output is at 5, a mixer never
  const isUploaded: boolean = state === 5;
  console.log(isOver, why, isUploaded, operUserID);
};
RTCSDK.CloudMixerOutputInfoChanged.callback = async (_, info) => {
  if (info.state === 7) file = info.svrFilePathName;
  // @ts-expect-error a length is there at state 2 only
  const length: number = info.duration;
  console.log(length, file);
};
RTCSDK.CreateCloudMixerFailed.callback = null;
// @ts-expect-error an event has one listener, it is no list of them
RTCSDK.CreateCloudMixerFailed.push(() => {});

export async function record(appID: string, secret: string): Promise<CRCloudMixerInfo | null> {
  await RTCSDK.Init({ emulator: { mutateCfg: true } });
  RTCSDK.SetServerAddr("http://127.0.0.1:8787/cloudroom");
  RTCSDK.Login(appID, secret, "Alice", "alice", "", "cookie");
  RTCSDK.CreateMeetingSuccess.callback = ({ ID }, cookie) => RTCSDK.EnterMeeting3(ID, cookie);
  mixerID = RTCSDK.CreateCloudMixer(cfg);
  const { errCode } = await RTCSDK.UpdateCloudMixerContent(mixerID, { videoFileCfg: {} });
  // @ts-expect-error there may be none
  const owner: string = RTCSDK.GetCloudMixerInfo(mixerID).owner;
  console.log(errCode, owner, RTCSDK.emulatorLine?.member);
  return RTCSDK.GetCloudMixerInfo(mixerID);
}

export function older(): Promise<{ errCode: number }> {
  if (CRVideo_GetAllMembers().length > CRVideo_NOERR) CRVideo_OpenMic("alice");
  // @ts-expect-error no such call
  CRVideo_StartSvrMixer();
  return CRVideo_DestroyCloudMixer(mixerID);
}

export function inAMiniApp(mini: MiniSdk): boolean {
  // @ts-expect-error the mini-app's has no promise
  mini.UpdateCloudMixerContent(mixerID, cfg).then(console.log);
  return mini.UpdateCloudMixerContent(mixerID, cfg) === undefined;
}

export function inElectron(sdk: NativeSdk = rtcsdk): string {
  sdk.on("notifyCloudMixerStateChanged", (_, state, exParam) => state === 0 && JSON.parse(exParam));
  // @ts-expect-error no such event
  sdk.on("cloudMixerStateChanged", () => {});
  sdk.login({ _serverAddr: "127.0.0.1:8787/cloudroom", _userID: "alice", _appID: "a" }, "cookie");
  // @ts-expect-error here a cfg is a text
  sdk.createCloudMixer(cfg);
  const code: number = sdk.updateCloudMixerContent(mixerID, JSON.stringify(cfg));
  console.log(code);
  return sdk.createCloudMixer(JSON.stringify(cfg));
}
