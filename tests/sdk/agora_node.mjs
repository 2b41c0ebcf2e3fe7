// A recording service on top of a client like Agora's for Node; run by the tests beside it.
//
// Agora's own is not on npm. This one is ours, written from what is known of it (sheet §7): where
// it looks, when it tries again, and what it calls a success. "Assumed" marks what is not known.
//
// Usage: node agora_node.mjs sync|async. Prints one line of JSON for each call; after `start` it
// waits for a line on its standard input, while people talk in the channel.
//
// Only `TowardsTheEmulator` knows of the emulator, and DNS_SERVER, BUDGET_MS and RETRY_MS are ours:
// they stand for a resolv.conf and port 443 of a container, and spare the tests the waiting.
// Without TLS_PORT and DNS_SERVER the program is as a user has it.

import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";

const { env } = process;
const BUDGET_MS = Number(env.BUDGET_MS ?? 5_000); // of a call: DNS, every attempt, the body
const RETRY_MS = Number(env.RETRY_MS ?? 1_000); // after a bad status; twice that the second time
const START_ATTEMPTS = 3;
const NEXT_PREFIX_MS = 500; // after a transport failure, except the first
const SUFFIX_TTL_MS = 30_000;
const CHINA = {
  prefixes: ["api-cn-east-2", "api-cn-north-1"],
  suffixes: ["sd-rtn.com", "agora.io"],
};

const [CNAME, UID] = ["weekly-review", "900001"];

/** Make a resolver that asks DNS itself, past the hosts file. */
function newResolver() {
  if (!env.DNS_SERVER) return new Resolver();
  const resolver = new Resolver({ timeout: 1_000, tries: 10 }); // a lost packet costs 5 s else
  resolver.setServers([env.DNS_SERVER]);
  return resolver;
}

/**
 * An agent of the client's own, so that proxy variables do not count. The real one connects by the
 * machine's resolver; here that, too, is the DNS server of the test, and 443 is the emulator's port.
 */
class TowardsTheEmulator extends https.Agent {
  createConnection(options, done) {
    const port = Number(env.TLS_PORT);
    return super.createConnection({ ...options, port, lookup: this.lookup }, done);
  }

  lookup(name, options, done) {
    newResolver()
      .resolve4(name)
      .then((found) => {
        const all = found.map((address) => ({ address, family: 4 }));
        return options.all ? done(null, all) : done(null, found[0], 4);
      }, done);
  }
}

/** The hosts of an area: the faster suffix, asked of DNS under the first prefix, and a prefix. */
class Domains {
  #prefixes;
  #suffixes;
  #nth = 0;
  #suffix;
  #chosenAtMs;

  constructor({ prefixes, suffixes }) {
    this.#prefixes = prefixes;
    this.#suffixes = suffixes;
  }

  async host() {
    if (!(performance.now() - this.#chosenAtMs < SUFFIX_TTL_MS)) {
      this.#suffix = await this.#faster();
      this.#chosenAtMs = performance.now();
    }
    return `${this.#prefixes[this.#nth % this.#prefixes.length]}.${this.#suffix}`;
  }

  next() {
    this.#nth += 1;
  }

  async #faster() {
    const resolver = newResolver();
    const asked = this.#suffixes.map(async (suffix) => {
      await resolver.resolve4(`${this.#prefixes[0]}.${suffix}`);
      return suffix;
    });
    try {
      return await Promise.any(asked);
    } catch {
      return this.#suffixes[0]; // Assumed: nobody knows either name, so connecting will say so.
    } finally {
      resolver.cancel();
    }
  }
}

class HttpError extends Error {
  constructor(status, body) {
    super(`Http Error ${status}`);
    Object.assign(this, { status, body });
  }
}

const is200 = (status) => status === 200;
const OPERATIONS = {
  acquire: { isSuccess: () => true },
  start: {
    isSuccess: (status) => status === 200 || status === 201,
    isFinal: (status) => status === 200 || status === 201 || (status >= 400 && status <= 409),
  },
  query: { method: "GET", isSuccess: is200 },
  update: { isSuccess: is200 },
  updateLayout: { isSuccess: is200 },
  stop: { isSuccess: (status) => status >= 200 && status <= 299 },
};

class RecordingClient {
  #agent = env.TLS_PORT ? new TowardsTheEmulator() : new https.Agent();
  #domains = new Domains(CHINA);

  /** Make a call. `tried` is filled with each attempt's host and status, or what went wrong. */
  async call(operation, path, body, tried) {
    const signal = AbortSignal.timeout(BUDGET_MS);
    const expired = once(signal, "abort").then(() => signal.throwIfAborted());
    const { isSuccess, isFinal = () => true, method = "POST" } = OPERATIONS[operation];
    const ask = async () => {
      for (let attempt = 1; ; attempt += 1) {
        const answer = await this.#reach(method, `${path}/${operation}`, body, tried, signal);
        if (isFinal(answer.status) || attempt === START_ATTEMPTS) return answer;
        await sleep(attempt * RETRY_MS, undefined, { signal });
      }
    };
    let answer;
    try {
      answer = await Promise.race([ask(), expired]);
    } catch (error) {
      throw signal.aborted ? new Error("Timeout") : error;
    }
    if (!isSuccess(answer.status)) throw new HttpError(answer.status, answer.body);
    return answer;
  }

  /** Get an answer from somewhere: a host that cannot be reached hands over to the next prefix. */
  async #reach(method, path, body, tried, signal) {
    for (let failures = 0; ; failures += 1) {
      if (failures > 1) await sleep(NEXT_PREFIX_MS, undefined, { signal });
      const host = await this.#domains.host();
      let answer;
      try {
        answer = await this.#exchange(method, host, path, body, signal);
      } catch (error) {
        signal.throwIfAborted();
        tried.push([host, error.code]);
        this.#domains.next();
        continue;
      }
      tried.push([host, answer.status]);
      return { ...answer, body: JSON.parse(answer.text) }; // whatever the status and the type
    }
  }

  async #exchange(method, host, path, body, signal) {
    const headers = {
      "Authorization": `Basic ${btoa(`${env.AGORA_CUSTOMER_ID}:${env.AGORA_CUSTOMER_SECRET}`)}`,
      "Content-Type": "application/json",
      "User-Agent": "AgoraRESTClient  Language/nodejs SDKVersion/0.0.0", // assumed but the blanks
    };
    const url = `https://${host}/v1/apps/${env.AGORA_APP_ID}/cloud_recording${path}`;
    const request = https.request(url, {
      method, headers, signal, agent: this.#agent, servername: host,
    });
    request.on("error", () => {}); // told below, until there is a response; after it by its body
    request.end(body && JSON.stringify(body));
    const [response] = await once(request, "response");
    let text = "";
    for await (const chunk of response.setEncoding("utf8")) text += chunk;
    return { status: response.statusCode, requestId: response.headers["x-request-id"], text };
  }
}

const client = new RecordingClient();

/** Make a call and print what came of it; returns the answer's body, or undefined if it threw. */
async function ask(operation, path, clientRequest) {
  const given = clientRequest && { cname: CNAME, uid: UID, clientRequest };
  const tried = [];
  let told;
  try {
    const { status, requestId, body } = await client.call(operation, path, given, tried);
    told = { status, requestId, body };
  } catch (error) {
    told = { error: error.message, status: error.status, body: error.body };
  }
  process.stdout.write(`${JSON.stringify({ call: operation, tried, ...told })}\n`);
  return "error" in told ? undefined : told.body;
}

async function record(async_stop) {
  const acquired = await ask("acquire", "", { scene: 0, resourceExpiredHour: 24 });
  if (acquired?.resourceId === undefined) return; // its own README checks no more than this
  const resource = `/resourceid/${acquired.resourceId}`;
  const started = await ask("start", `${resource}/mode/mix`, {
    recordingConfig: { channelType: 0, streamTypes: 2, maxIdleTime: 120 },
    recordingFileConfig: { avFileType: ["hls"] },
    storageConfig: {
      vendor: 2,
      region: 1,
      bucket: "recordings",
      accessKey: "AKIAEXAMPLE",
      secretKey: "example-secret",
      fileNamePrefix: ["meetings", "2030"],
    },
  });
  if (started?.sid === undefined) return;
  const task = `${resource}/sid/${started.sid}/mode/mix`;

  await once(process.stdin, "data");

  await ask("query", task);
  await ask("update", task, {
    streamSubscribe: {
      audioUidList: { subscribeAudioUids: ["#allstream#"] },
      videoUidList: { subscribeVideoUids: ["#allstream#"] },
    },
  });
  await ask("updateLayout", task, { mixedVideoLayout: 1, backgroundColor: "#336699" });
  await ask("stop", task, { async_stop });
}

await record(process.argv[2] === "async");
process.stdin.destroy();
