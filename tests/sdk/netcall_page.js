/** An app that calls and records, as one is written against NIM's Web SDK. It knows nothing of us. */

import { NIM, Netcall, WebRTC } from "nim-web-sdk";

const EVENTS = [
  "beCalling", "callAccepted", "callRejected", "callerAckSync", "hangup", "control", "joinChannel",
  "leaveChannel", "recordMp4", "recordStopped", "streamEnded", "error",
];

class Phone {
  /** What the SDK has told, in order: an event's name and what it was called with. */
  heard = [];
  connection = "";

  /** Log in with one of the builds. `options` are NIM's. */
  login(build, options) {
    return new Promise((resolve) => {
      const nim = NIM.getInstance({
        ...options,
        onconnect: () => resolve((this.connection = "up")),
        onwillreconnect: () => (this.connection = "lost"),
        ondisconnect: (error) => resolve((this.connection = error.code)),
      });
      NIM.use(build);
      this.netcall = build.getInstance({ nim });
      for (const name of EVENTS) this.netcall.on(name, (obj) => this.#hear(name, obj));
    });
  }

  names() {
    return this.heard.map(([name]) => name);
  }

  #hear(name, obj) {
    this.heard.push([name, obj]);
    if (name === "beCalling") this.beCalledInfo = obj;
    if (name === "hangup" && this.netcall.isCurrentChannelId(obj)) this.wasCurrent = true;
    return this.then?.[name]?.(obj);
  }
}

/** Run something, and say how it went: what it threw, or its promise resolved or was rejected with. */
async function tried(work) {
  let made;
  try {
    made = work();
  } catch (error) {
    return { threw: plain(error) };
  }
  if (typeof made?.then !== "function") return { returned: made };
  return made.then(
    (result) => ({ resolved: result }),
    (error) => ({ rejected: plain(error) }),
  );
}

function plain(error) {
  return error instanceof Error ? { name: error.name, message: error.message } : error;
}

Object.assign(window, { NIM, Netcall, WebRTC, tried, app: new Phone() });
