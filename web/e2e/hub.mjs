// A real hub with an empty data folder on a free port, and its people over HTTP.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The hub with the built pages. */
export const binary = process.env.HUB_BINARY ?? new URL("../../bin/hub", import.meta.url).pathname;

/** Starts a hub; close() ends it and removes its data. */
export async function startHub() {
  if (!existsSync(binary)) throw new Error("there is no hub to test: run `make build`");
  const data = mkdtempSync(join(tmpdir(), "tongban-e2e-"));
  const child = spawn(binary, ["serve", "-data", data, "-listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  const url = await new Promise((done, fail) => {
    const read = (chunk) => {
      log += chunk;
      const m = /hub ready on (http:\S+)/.exec(log);
      if (m) done(m[1]);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("exit", (code) => fail(new Error(`the hub ended with ${code}:\n${log}`)));
    setTimeout(() => fail(new Error(`the hub is not ready:\n${log}`)), 60_000).unref();
  });
  const people = JSON.parse(readFileSync(join(data, "demo-signins.json"), "utf8"));
  const passwords = Object.fromEntries(people.map((p) => [p.login, p.password]));
  return {
    url,
    passwords,
    as: (login) => person(url, login, passwords[login]),
    close: async () => {
      const ended = new Promise((done) => child.on("exit", done));
      child.kill("SIGTERM");
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

const tokens = new Map();

/** Somebody who works over the API: `call` reads, `do` sends a command. */
function person(url, login, password) {
  async function token() {
    const key = `${url} ${login}`;
    if (!tokens.has(key)) {
      const r = await fetch(`${url}/api/v1/session`, {
        method: "POST", headers: { "Content-Type": "application/json", "X-Tongban": "1" }, body: JSON.stringify({ login, password, bearer: true }),
      });
      tokens.set(key, (await r.json()).token);
    }
    return tokens.get(key);
  }
  async function call(method, path, body, headers = {}) {
    const r = await fetch(`${url}/api/v1${path}`, {
      method, headers: { Authorization: `Bearer ${await token()}`, "Content-Type": "application/json", ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await r.text();
    if (!r.ok) throw new Error(`${login} ${method} ${path}: ${r.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }
  const act = (path, body = {}) => call("POST", path, body, { "Idempotency-Key": crypto.randomUUID() });
  async function put(path, bytes, headers) {
    const r = await fetch(`${url}/api/v1${path}`, { method: "PUT", headers: { Authorization: `Bearer ${await token()}`, ...headers }, body: bytes });
    if (!r.ok) throw new Error(`${login} PUT ${path}: ${r.status} ${await r.text()}`);
    return (await r.json()).digest;
  }
  return { call, do: act, put };
}

/** Polls until `look` gives something; says what was missing. */
export async function until(what, look, ms = 15_000) {
  for (const end = Date.now() + ms; ; ) {
    const got = await look();
    if (got) return got;
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}
