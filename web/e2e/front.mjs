// A real hub behind an address of ours: a test can answer what the hub does not
// serve yet (hooks), stop a story of the demo at a step, and cut the sockets of
// rooms as a bad line does. Everything else goes through.
import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { binary } from "./hub.mjs";

const run = promisify(execFile);

const freePort = () => new Promise((done) => {
  const s = net.createServer().listen(0, "127.0.0.1", () => {
    const { port } = s.address();
    s.close(() => done(port));
  });
});

/** Starts a program and waits until it prints what it should. */
function started(args, ready) {
  const p = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"] });
  return new Promise((done, no) => {
    let said = "";
    const hear = (b) => {
      said += b;
      if (ready.test(said)) done({ log: () => said, stop: () => new Promise((gone) => (p.once("exit", gone), p.kill("SIGTERM"))) });
    };
    p.stdout.on("data", hear);
    p.stderr.on("data", hear);
    p.once("exit", (c) => no(new Error(`the hub ended with ${c}: ${said.slice(-2000)}`)));
  });
}

const readBody = async (req) => {
  const parts = [];
  for await (const c of req) parts.push(c);
  return Buffer.concat(parts);
};

export class World {
  extra = []; // actions that the hub does not know yet
  hooks = []; // (method, path, body) => answer or undefined

  /** Starts hub, accounts of applicants ({ login, name, number }) and the front. A calendar is the text of its file. */
  static async start(applicants = [], calendar = "") {
    const w = new World();
    w.dir = await mkdtemp(join(tmpdir(), "tongban-e2e-"));
    const days = join(w.dir, "calendar");
    await writeFile(days, calendar);
    const data = join(w.dir, "data");
    const port = await freePort();
    w.hubURL = `http://127.0.0.1:${port}`;
    const serve = () => started(["serve", "--data", data, "--listen", `127.0.0.1:${port}`, ...(calendar ? ["--calendar", days] : [])], /hub ready/);
    w.hub = await serve();
    w.signIns = JSON.parse(await readFile(join(data, "demo-signins.json"), "utf8"));
    if (applicants.length) {
      await w.hub.stop();
      for (const a of applicants) {
        const [number, secret] = [join(w.dir, "number"), join(w.dir, "secret")];
        const password = randomBytes(12).toString("hex");
        await writeFile(number, a.number, { mode: 0o600 });
        await writeFile(secret, password, { mode: 0o600 });
        await run(binary, ["people", "-login", a.login, "-name", a.name, "-name-en", a.login, "-agency", a.agency ?? "440305.window", "-roles", "applicant",
          "-citizen-id-file", number, "-password-file", secret, "--", "--data", data]);
        w.signIns.push({ login: a.login, password });
      }
      w.hub = await serve();
    }
    w.accounts = join(data, "demo-signins.json");
    w.server = http.createServer((req, res) => void w.serve(req, res).catch((e) => (res.writeHead(502), res.end(String(e)))));
    w.server.on("upgrade", (req, socket, head) => w.upgrade(req, socket, head));
    await new Promise((done) => w.server.listen(0, "127.0.0.1", done));
    w.url = `http://127.0.0.1:${w.server.address().port}`;
    return w;
  }

  password = (login) => this.signIns.find((s) => s.login === login).password;

  /** A client of the hub itself, signed in. */
  async client(login) {
    const headers = { "Content-Type": "application/json", "X-Tongban": "1" };
    const r = await fetch(`${this.hubURL}/api/v1/session`, { method: "POST", headers, body: JSON.stringify({ login, password: this.password(login), bearer: true }) });
    const { token } = await r.json();
    return async (method, path, body) => {
      const h = { ...headers, Authorization: `Bearer ${token}`, "Idempotency-Key": randomBytes(16).toString("hex"), "Access-Purpose": "test" };
      const answer = await fetch(this.hubURL + path, { method, headers: h, ...(body ? { body: JSON.stringify(body) } : {}) });
      return answer;
    };
  }

  /** The hub's id of somebody. */
  async id(login) {
    const r = await (await this.client(login))("GET", "/api/v1/session");
    return (await r.json()).person.id;
  }

  /** Plays a story of `hub demo` up to the first request that fits, which is refused. Gives the case's id. */
  async story(item, until) {
    let stopped = false;
    this.refuse = until && ((method, path) => method === "POST" && until.test(path) && (stopped = true));
    const before = new Set(this.seen ?? []);
    this.seen = new Set();
    await run(binary, ["demo", "-item", item, "-url", this.url, "-accounts", this.accounts, "-bundle", join(this.dir, "b.zip")]).catch((e) => {
      if (!stopped) throw new Error(`${item}: ${e.stdout?.slice(-1500)} ${e.stderr?.slice(-1500)}`);
    });
    this.refuse = null;
    return [...this.seen].filter((x) => !before.has(x)).at(0);
  }

  json(res, status, body, headers = {}) {
    res.writeHead(status, { "Content-Type": "application/json", ...headers });
    res.end(JSON.stringify(body));
  }

  async serve(req, res) {
    const url = new URL(req.url, this.url);
    const seen = /^\/api\/v1\/cases\/([a-z2-7]{26})/.exec(url.pathname)?.[1];
    if (seen) this.seen?.add(seen);
    if (this.refuse?.(req.method, url.pathname)) return this.json(res, 409, { code: "wrong_state", status: 409, title: "stopped" });
    const body = await readBody(req);
    for (const hook of this.hooks) {
      const a = await hook(req.method, url.pathname, body, req);
      if (a) return a.raw ? (res.writeHead(200, a.headers), res.end(a.raw)) : this.json(res, a.status ?? 200, a);
    }
    return this.pass(req, res, body, url.pathname === "/api/v1/session" && this.extra.length > 0);
  }

  // Through to the hub; the session's answer may name actions that it does not know yet.
  pass(req, res, body, more) {
    const to = new URL(this.hubURL);
    const headers = { ...req.headers, host: to.host, ...(req.headers.origin ? { origin: this.hubURL } : {}) };
    const up = http.request({ host: to.hostname, port: to.port, method: req.method, path: req.url, headers }, async (r) => {
      if (!more || r.statusCode >= 300) {
        res.writeHead(r.statusCode, r.headers);
        return r.pipe(res);
      }
      const s = JSON.parse(await readBody(r));
      s.person.actions.push(...this.extra);
      const headers = { ...r.headers };
      delete headers["content-length"];
      this.json(res, r.statusCode, s, headers);
    });
    up.on("error", () => (res.writeHead(502), res.end()));
    up.end(body);
  }

  upgrade(req, socket, head) {
    const to = new URL(this.hubURL);
    const up = net.connect(Number(to.port), to.hostname, () => {
      const lines = [`GET ${req.url} HTTP/1.1`, `Host: ${to.host}`, `Origin: ${this.hubURL}`];
      for (const [k, v] of Object.entries(req.headers)) if (!["host", "origin"].includes(k)) lines.push(`${k}: ${v}`);
      up.write(`${lines.join("\r\n")}\r\n\r\n`);
      up.write(head);
      up.pipe(socket).pipe(up);
    });
    this.sockets ??= new Set();
    const pair = { cut: () => (up.destroy(), socket.destroy()) };
    this.sockets.add(pair);
    for (const s of [up, socket]) {
      s.on("error", pair.cut);
      s.on("close", () => (this.sockets.delete(pair), pair.cut()));
    }
  }

  /** Breaks every WebSocket, as a bad line would. */
  cut = () => [...(this.sockets ?? [])].forEach((s) => s.cut());

  async close() {
    this.cut();
    this.server.closeAllConnections();
    this.server.close();
    await this.hub.stop();
    await rm(this.dir, { recursive: true, force: true });
  }
}
