/** An app in TypeScript, checked and never run: the types of the double are those it needs. */

import NERoomKit, {
  NERoomCloudRecordState,
  NERoomEndReason,
  type NERoomListener,
  type NERoomRecord,
} from "./neroom.js";

const kit: NERoomKit = NERoomKit.getInstance();

async function meet(appKey: string, token: string): Promise<NERoomRecord[]> {
  await kit.initialize({ appKey, serverUrl: "http://127.0.0.1:8787/neroom" });
  await kit.authService.login("alice", token);
  kit.authService.addAuthListener((event) => event === 1026);
  kit.authService.addAuthListener({ onAuthEvent: async (event) => console.log(event) });
  const made = await kit.roomService.createRoom({ roomUuid: "room-7" }, { enableRecord: true });
  const archive: string = made.data.roomArchiveId;
  await kit.roomService.joinRoom({ roomUuid: "room-7", userName: "Alice", role: "host" });

  const room = kit.roomService.getRoomContext("room-7");
  // @ts-expect-error there may be none
  room.startCloudRecord();
  if (room === null) return [];

  const listener: NERoomListener = {
    onRoomCloudRecordStateChanged(state, operateBy) {
      const isOn: boolean = state === NERoomCloudRecordState.recordingStart;
      // @ts-expect-error nobody is named when it stops by itself
      const name: string = operateBy.name;
      console.log(isOn, name);
    },
    onRoomEnded: (reason) => reason === NERoomEndReason.kICK_BY_SELF,
    // @ts-expect-error no such event
    onRecordingStarted() {},
  };
  room.addRoomListener(listener);
  await room.rtcController.joinRtcChannel();
  await room.startCloudRecord({ rtcRecordType: 100, modeList: [{ mode: 2 }] });
  // @ts-expect-error it is a number that one compares, not a flag
  const bad: boolean = NERoomCloudRecordState.recordingStop;
  // @ts-expect-error fields follow the room, nobody sets them
  room.isCloudRecording = bad;
  const { code, data } = await kit.roomService.getRoomCloudRecordList(archive);
  const names: string[] = data.flatMap((record) => record.infoList.map((file) => file.filename));
  console.log(code, names, kit.emulatorLine?.member);
  return data;
}

export default meet;
