/** An app that records meetings, written against CloudRoom's H5 script. It knows nothing of us. */

const app = {
  mixerID: "",
  isRecording: false,
  /** The file's path, once it can be looked up. */
  file: "",
  /** What the user was told, in order. */
  notices: [],
  events: [],

  notice(text) {
    app.notices.push(text);
    document.getElementById("notice").textContent = text;
  },

  async start(server, appID, secret, userID, nickname) {
    await CRVideo_Init();
    CRVideo_SetServerAddr(server);
    CRVideo_Login(appID, secret, nickname, userID, "", "login of " + userID);
  },

  record(cfg) {
    app.mixerID = CRVideo_CreateCloudMixer(cfg);
    return app.mixerID;
  },

  update(cfg) {
    return CRVideo_UpdateCloudMixerContent(app.mixerID, cfg);
  },

  stop() {
    return CRVideo_DestroyCloudMixer(app.mixerID);
  },

  /** Who comes late, or comes back, is not told: see what runs, and whether it is one's own. */
  look(userID) {
    const all = CRVideo_GetAllCloudMixerInfo();
    app.mixerID = all.find(({ owner }) => owner === userID)?.ID ?? app.mixerID;
    app.isRecording = all.some(({ state }) => state === 2);
    return all;
  },
};

CRVideo_LoginSuccess.callback = (userID) => app.notice(`${userID} is logged in`);
CRVideo_LoginFail.callback = (sdkErr, cookie) => app.notice(`no login: ${sdkErr} (${cookie})`);
CRVideo_LineOff.callback = (sdkErr) => app.notice(`line off: ${sdkErr}`);
CRVideo_CreateMeetingSuccess.callback = ({ ID }, cookie) => {
  app.room = ID;
  app.notice(`room made (${cookie})`);
};
CRVideo_CreateMeetingFail.callback = (sdkErr) => app.notice(`no room: ${sdkErr}`);
CRVideo_DestroyMeetingRslt.callback = (sdkErr) => app.notice(`room destroyed: ${sdkErr}`);
CRVideo_EnterMeetingRslt.callback = (sdkErr, cookie) => {
  app.notice(sdkErr === CRVideo_NOERR ? `inside (${cookie})` : `not inside: ${sdkErr}`);
  app.look();
};
CRVideo_UserEnterMeeting.callback = (userID) => {
  app.notice(`${CRVideo_GetMemberInfo(userID).nickname} is here`);
};
CRVideo_UserLeftMeeting.callback = (userID) => app.notice(`${userID} has left`);
CRVideo_MeetingStopped.callback = () => app.notice("the room is over");
CRVideo_MeetingDropped.callback = (reason) => app.notice(`dropped: ${reason}`);
CRVideo_CreateCloudMixerFailed.callback = (mixerID, sdkErr) => {
  app.notice(`failed: ${sdkErr}`);
  app.events.push(["failed", mixerID, sdkErr]);
};
CRVideo_CloudMixerStateChanged.callback = async (mixerID, state, exParam, operUserID) => {
  app.events.push(["state", mixerID, state, exParam, operUserID]);
  app.isRecording = state === 2;
};
CRVideo_CloudMixerInfoChanged.callback = (...args) => app.events.push(["info", ...args]);
CRVideo_CloudMixerOutputInfoChanged.callback = async (mixerID, info) => {
  app.events.push(["output", mixerID, info]);
  if (info.state === 7) app.file = info.svrFilePathName;
  if (info.state === 3 && app.stopsOnFailure) await app.stop();
};

/** Run something, and say how it went: what a promise resolved or was rejected with. */
async function tried(work) {
  try {
    return (await work()) ?? null;
  } catch (error) {
    return error instanceof Error ? { name: error.name, message: error.message } : error;
  }
}

/** Whether a promise is open after the next call of this app has been answered. */
async function isOpen(promise) {
  let isDone = false;
  promise.then(() => (isDone = true), () => (isDone = true));
  await CRVideo_Kickout("nobody").catch(() => null);
  return !isDone;
}

Object.assign(window, { app, tried, isOpen });
