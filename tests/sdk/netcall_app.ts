/** An app in TypeScript, checked and never run: the types of the double are those it needs. */

import Plugin, { NIM, Netcall, WebRTC, type BeCalledInfo, type MediaRecord } from "./netcall.js";

function login(appKey: string, account: string, token: string): Promise<NIM> {
  return new Promise((resolve, reject) => {
    const nim = NIM.getInstance({
      appKey, account, token,
      onconnect: () => resolve(nim),
      ondisconnect: ({ code }) => reject(code === 302),
    });
    NIM.use(Plugin);
  });
}

async function agent(nim: NIM): Promise<number> {
  const netcall = Netcall.getInstance({ nim, container: document.body, mirror: true });
  netcall.on("beCalling", (beCalledInfo: BeCalledInfo) => {
    const sessionConfig = { recordVideo: true, recordAudio: true, bitrate: 100 };
    void netcall.response({ accepted: true, beCalledInfo, sessionConfig });
  });
  netcall.on("recordMp4", (obj) => obj.type === "close" && obj.status === 2);
  // @ts-expect-error no such event
  netcall.on("recordAac", () => {});
  await netcall.initSignal();
  const made = await netcall.call({ type: Netcall.NETCALL_TYPE_VIDEO, account: "bob" });
  // @ts-expect-error there is no third type of call
  await netcall.call({ type: 3, account: "bob" });
  await netcall.startRecordMp4({ account: "bob", path: "E:/test.mp4" });
  // @ts-expect-error without a path it throws
  await netcall.startRecordAac({});
  const { time = 0 } = await netcall.stopRecordAac();
  netcall.hangup({ channelId: made.channelId });
  // @ts-expect-error fields follow the call, nobody sets them
  netcall.calling = false;
  return time;
}

async function browser(nim: NIM): Promise<MediaRecord[]> {
  const netcall = WebRTC.getInstance({ nim });
  await netcall.call({ type: 2, account: "bob", pushConfig: {}, sessionConfig: {} });
  // @ts-expect-error this build needs both configs
  await netcall.call({ type: 2, account: "bob" });
  await netcall.startRtc();
  const { recordId } = await netcall.startMediaRecording({ account: "", type: "camera" });
  // @ts-expect-error no such type
  await netcall.startMediaRecording({ type: "mic" });
  // @ts-expect-error there may be no promise
  netcall.startRecordMp4("bob").then(() => {});
  netcall.once("recordStopped", (record) => record.status === "stopped");
  await netcall.stopMediaRecording({ recordId });
  await netcall.downloadMediaRecording({ recordId });
  await netcall.cleanMediaRecording({ recordId });
  return Object.values(netcall.listMediaRecording());
}

export { login, agent, browser };
