/**
 * The client's end of the line between the double of an SDK and the emulator: JSON-RPC 2.0 over
 * one WebSocket. Nothing in here is about a vendor.
 *
 * Rules:
 *
 * 1. Events are heard one at a time, in order. One is acknowledged when all that its listeners
 *    returned has settled; until then the emulator's clock stands still. What a listener calls
 *    without waiting for it goes out before the acknowledgement, so it belongs to the instant, too.
 * 2. A connection that is lost comes back as the same member, unless told otherwise, after the last
 *    event that was heard. What was missed and will not come is told, never made up.
 * 3. A promise is rejected with the vendor's own object, or with a `Failure` of ours.
 */

const VENDOR = -32000;
const REFUSED = 4400;
const MAX_TRIES = 60;
const MAX_PAUSE_MS = 5000;

/** What is no answer of the vendor: the connection is gone, or the emulator has no such method. */
export class Failure extends Error {
  constructor(message, code = 0) {
    super(message);
    this.name = "Failure";
    this.code = code;
  }
}

/** A connection that was not let in, or is not let in again: why, and the event that says so. */
export class Refused extends Failure {
  constructor(code, reason, event, args) {
    super(reason || `closed with ${code}`, code);
    this.name = "Refused";
    this.event = event;
    this.args = args;
  }

  /** Whether trying again is useless. */
  get isFinal() {
    return this.code >= REFUSED;
  }
}

/** One member's connection, and those that come in its place. */
export class Line {
  #url;
  #query;
  #hooks;
  #comesBack;
  #socket = null;
  #lastId = 0;
  #waiting = new Map();
  #queue = Promise.resolve();
  #isDone = false;

  /** The member's id, by which the control API knows it. */
  member = "";
  /** The number of the last event that came, or was missed. */
  seq = 0;
  isUp = false;

  constructor(url, query, hooks, { comesBack = true } = {}) {
    this.#url = url;
    this.#query = query;
    this.#hooks = hooks;
    this.#comesBack = comesBack;
  }

  /** Connect for the first time. */
  open() {
    return this.#connect({});
  }

  /** Come back after the last event that was heard. */
  async resume() {
    if (!this.isUp) await this.#connect({ resume: this.member, seq: this.seq });
  }

  /** Call a method, and get what its promise resolves or is rejected with. */
  call(method, params = {}) {
    if (!this.isUp) return Promise.reject(new Failure("there is no connection"));
    const id = ++this.#lastId;
    this.#socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /** Leave for good; the promise resolves when that has happened. */
  async bye() {
    this.#isDone = true;
    if (this.isUp) await this.call("bye");
  }

  #connect(again) {
    const query = new URLSearchParams({ ...this.#query, ack: "1", ...again });
    const socket = new WebSocket(`${this.#url}?${query}`);
    return new Promise((resolve, reject) => {
      let said = {};
      socket.onmessage = ({ data }) => {
        const frame = read(data);
        if (socket === this.#socket) {
          this.#take(socket, frame);
        } else if (frame?.method === "connected") {
          this.#welcome(socket, frame.params, "resume" in again);
          resolve();
        } else {
          said = { event: frame?.method, args: frame?.params?.args };
        }
      };
      socket.onclose = ({ code, reason }) => {
        if (socket === this.#socket) this.#lose(socket, reason || `closed with ${code}`);
        else reject(new Refused(code, reason, said.event, said.args));
      };
    });
  }

  #welcome(socket, { member, missed }, isBack) {
    this.#socket = socket;
    this.member = member;
    this.seq += missed;
    this.isUp = true;
    if (isBack) this.#queued(() => this.#hooks.back?.(missed));
  }

  #take(socket, frame) {
    if (frame === null) {
      this.#lose(socket, "what came was no JSON");
      socket.close();
    } else if ("method" in frame) {
      const missed = frame.params.seq - this.seq - 1;
      this.seq = frame.params.seq;
      if (missed > 0) this.#queued(() => this.#hooks.missed?.(missed));
      this.#queued(() => this.#hooks.hear({ name: frame.method, ...frame.params }));
      this.#queued(() => acknowledge(socket, frame.params.seq));
    } else {
      const promise = this.#waiting.get(frame.id);
      this.#waiting.delete(frame.id);
      if (promise !== undefined) settle(promise, frame);
    }
  }

  /** Do one thing after the other; what fails is told, and holds up nothing. */
  #queued(work) {
    this.#queue = this.#queue.then(work).catch(report);
  }

  #lose(socket, why) {
    this.#socket = null;
    this.isUp = false;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new Failure(`the connection was lost: ${why}`));
    if (this.#isDone) return;
    this.#queued(() => this.#hooks.lost?.(why));
    if (this.#comesBack) this.#tryAgain();
  }

  async #tryAgain() {
    for (let tries = 1; tries <= MAX_TRIES && !this.#isDone; tries += 1) {
      try {
        await this.resume();
        return;
      } catch (error) {
        if (error.isFinal || tries === MAX_TRIES) {
          this.#queued(() => this.#hooks.ended?.(error));
          return;
        }
        await new Promise((go) => setTimeout(go, Math.min(100 * 2 ** tries, MAX_PAUSE_MS)));
      }
    }
  }
}

/** Tell of a listener's error as an uncaught one is told of. */
function report(error) {
  if (globalThis.reportError) globalThis.reportError(error);
  else console.error(error);
}

/** The listeners of an app: objects with a method for each event, or plain functions. */
export class Listeners {
  #all = new Set();

  add(listener) {
    this.#all.add(listener);
  }

  remove(listener) {
    this.#all.delete(listener);
  }

  clear() {
    this.#all.clear();
  }

  /** Call them all at once; done when everything they returned has settled. */
  async tell(name, args) {
    const called = [...this.#all].map(async (each) =>
      typeof each === "function" ? each(...args) : each[name]?.(...args),
    );
    for (const { reason, status } of await Promise.allSettled(called)) {
      if (status === "rejected") report(reason);
    }
  }
}

function read(data) {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

function acknowledge(socket, seq) {
  if (socket.readyState !== WebSocket.OPEN) return;
  socket.send(JSON.stringify({ jsonrpc: "2.0", method: "ack", params: { seq } }));
}

function settle({ resolve, reject }, { result, error }) {
  if (error === undefined) resolve(result);
  else if (error.code === VENDOR) reject(error.data);
  else reject(new Failure(error.message, error.code));
}
