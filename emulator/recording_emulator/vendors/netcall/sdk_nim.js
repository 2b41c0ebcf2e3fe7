/**
 * NIM's connection in the double of its Web SDK, as far as calls need it: one account on one line.
 *
 * A part of `netcall.js`, which apps import.
 *
 * Source: sheet §2.3, §10. What the listeners of a connection are called with is assumed.
 */

import { Failure, Line } from "./wire.js";

const HERE = new URL(import.meta.url);
const NO_TENANT = 4401;
/** What `ondisconnect` is called with where the emulator has no words for it (assumed). */
const UNKNOWN_APP = { code: 403, message: "no such app" };
const NOT_REACHED = "Error_Connection";

/** The IM connection of one account, as far as calls need it. */
export class NIM {
  static #made = null;
  #line;
  #early = [];
  #underWay = new Set();
  #build = null;

  /** Plug-ins need no installing here. */
  static use(_plugin) {}

  /** One per account, as long as it lives; without options, the one there is. */
  static getInstance(options) {
    const last = NIM.#made;
    const keys = ["appKey", "account", "token"];
    const same = keys.every((key) => last?.options[key] === options?.[key]);
    if (last === null || (options !== undefined && !same)) NIM.#made = new NIM(options);
    return NIM.#made;
  }

  constructor(options) {
    this.options = options;
    this.account = options.account;
    const { appKey, account, token, emulator = {} } = options;
    this._url = (emulator.url ?? `${HERE.origin}/netcall`).replace(/\/+$/, "");
    const who = { appKey, account, token };
    this.#line = new Line(`${this._url.replace(/^http/, "ws")}/sdk`, who, this.#hooks(), emulator);
    this.#open();
  }

  disconnect() {
    return this.destroy();
  }

  /** Leave for good. */
  async destroy() {
    if (NIM.#made === this) NIM.#made = null;
    this.#build?.resetWhenHangup();
    await this.#line.bye().catch(() => null); // a connection that is lost need not be left
  }

  /** Ours, for tests: the connection, with its `member` id, `isUp` and `resume()`. */
  get emulatorLine() {
    return this.#line;
  }

  /** Ours, for tests: resolves when all that was asked is answered, waited for or not. */
  async emulatorIdle() {
    while (this.#underWay.size > 0) await Promise.allSettled([...this.#underWay]);
  }

  /** A connection is of one build at a time: that which was made or has asked last. */
  _announce(build) {
    if (this.#build === build) return;
    this.#build = build;
    this._call(build, "getInstance", { sdkProfile: build._profile }).catch(warn);
  }

  _call(build, method, params) {
    this._announce(build);
    const answer = this.#send(method, params).then((result) => result ?? undefined, fail);
    const settled = answer.catch(() => null).then(() => this.#underWay.delete(settled));
    this.#underWay.add(settled);
    return answer;
  }

  /** What is asked before there is a connection goes out first when there is one. */
  #send(method, params) {
    if (this.#early === null) return this.#line.call(method, params);
    return new Promise((...done) => this.#early.push([method, params, done]));
  }

  async #open() {
    let refused = null;
    try {
      await this.#line.open();
    } catch (error) {
      refused = error;
    }
    const early = this.#early;
    this.#early = null;
    for (const [method, params, done] of early) this.#line.call(method, params).then(...done);
    if (refused === null) this.options.onconnect?.({ account: this.account });
    else this.#end(refused);
  }

  #end(error) {
    if (NIM.#made === this) NIM.#made = null;
    this.#build?.resetWhenHangup();
    console.warn(`recording-emulator at ${this._url}: ${error.message}`);
    const unknown = { code: NOT_REACHED, message: error.message };
    const other = error.code === NO_TENANT ? UNKNOWN_APP : unknown;
    this.options.ondisconnect?.(error.args?.[0] ?? other);
  }

  #hooks() {
    return {
      hear: ({ name, args }) => this.#build?._hear(name, args[0]),
      missed: () => this.#build?._look(),
      lost: () => this.options.onwillreconnect?.({ retryCount: 1, duration: 0 }),
      back: async () => {
        await this.#build?._look();
        await this.options.onconnect?.({ account: this.account });
      },
      ended: (error) => this.#end(error),
    };
  }
}

/** Reject with the vendor's own object; what the emulator knows as thrown is an Error. */
function fail(error) {
  if (error instanceof Failure) {
    warn(error);
    throw { code: NOT_REACHED, message: `failure: ${error.message}` };
  }
  throw error?.name === "TypeError" ? new TypeError(error.message) : error;
}

export function warn(error) {
  console.warn("recording-emulator:", error?.message ?? error);
}
