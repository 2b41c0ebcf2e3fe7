/** An app that records meetings, as one is written against NERoom's Web SDK. It knows nothing of us. */

import WebRoomkit, { NERoomCloudRecordState } from "neroom-web-sdk";

const kit = WebRoomkit.getInstance();

class Meeting {
  isRecording = false;
  /** What the user was told, in order. */
  notices = [];
  ended = "";

  /** Log in. `options` are the SDK's. */
  async login(user, token, options) {
    await kit.initialize(options);
    return kit.authService.login(user, token);
  }

  create(roomUuid, options = { enableRecord: true }) {
    return kit.roomService.createRoom({ roomUuid, roomName: "周会", templateId: 40 }, options);
  }

  /** Want to be recorded, then join, listen, and open the microphone. */
  async join(roomUuid, userName, role, { isTalking = true } = {}) {
    const { previewController } = kit.roomService.previewRoom();
    await previewController.setParameters({ kNERtcKeyRecordAudioEnabled: true });
    await kit.roomService.joinRoom({ roomUuid, userName, role });
    this.room = kit.roomService.getRoomContext(roomUuid);
    this.archive = this.room.roomArchiveId;
    this.room.addRoomListener(this.#listener());
    this.#see(); // who comes late is not told
    await this.room.rtcController.joinRtcChannel();
    if (isTalking) await this.room.rtcController.unmuteMyAudio();
  }

  record(config) {
    return this.room.startCloudRecord(config);
  }

  stop() {
    return this.room.stopCloudRecord();
  }

  async files() {
    const { data } = await kit.roomService.getRoomCloudRecordList(this.archive);
    return data.flatMap((record) => record.infoList.map((file) => file.filename));
  }

  #see() {
    this.isRecording = this.room.isCloudRecording;
  }

  #notice(text) {
    this.notices.push(text);
    document.getElementById("notice").textContent = text;
  }

  #listener() {
    return {
      onRoomCloudRecordStateChanged: (state, operateBy) => {
        this.isRecording = state === NERoomCloudRecordState.recordingStart;
        const verb = this.isRecording ? "started" : "stopped";
        this.#notice(`${verb} by ${operateBy?.name ?? "itself"}`);
      },
      onMemberJoinRoom: (members) => this.#notice(`${members[0].name} is here`),
      onMemberLeaveRoom: async (members) => {
        this.#notice(`${members[0].name} has left`);
        if (this.isClosing) await this.stop(); // a rule of this app: who is alone is not recorded
      },
      onRoomConnectStateChanged: (state) => {
        this.#notice(state === 0 ? "offline" : "online");
        if (state === 1) this.#see(); // what happened meanwhile is not told
      },
      onRoomEnded: (reason) => {
        this.ended = reason;
        this.isRecording = false;
      },
    };
  }
}

/** Run something, and say how it went: what a promise resolved or was rejected with. */
async function tried(work) {
  try {
    return (await work()) ?? null;
  } catch (error) {
    return { code: error.code, message: error.message };
  }
}

Object.assign(window, { kit, tried, app: new Meeting() });
