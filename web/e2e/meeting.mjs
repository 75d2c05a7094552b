// A video session of a case, over HTTP: the appointment, links, how it stands,
// and what is left of it in the chain and in the evidence.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { binary } from "./hub.mjs";

const quarter = 15 * 60_000;

/**
 * Office hours in which a session can be at once: both places are open all day,
 * on every day, in a zone where it is about noon now.
 */
export function openOffices(now = new Date()) {
  const ahead = 12 - now.getUTCHours();
  const zone = `Etc/GMT${ahead > 0 ? "-" : "+"}${Math.abs(ahead)}`; // its sign is the other way round
  const day = (n) => new Date(now.getTime() + n * 86_400_000).toISOString().slice(0, 10);
  const days = [-1, 0, 1].map((n) => `work ${day(n)}`).join("\n");
  return `calendar 1\n${["440305.window", "410425.registry"].map((office) => `office ${office}\nzone ${zone}\nhours 00:00 23:59\n${days}\n`).join("")}`;
}

export class Meeting {
  /** Schedules a session in the quarter of an hour that comes next: its door is open already. */
  static async schedule(world, caseId, people) {
    const m = new Meeting();
    Object.assign(m, { world, caseId, officer: await world.client("jiaxian.first") });
    const from = Math.ceil((Date.now() + 20_000) / quarter) * quarter;
    const at = (t) => new Date(t).toISOString();
    const made = await m.ok("POST", "", { from: at(from), to: at(from + 4 * quarter), window: "3号窗口", room: "远程询问室", agreed: true, text: "远程询问", people });
    m.id = made.session;
    return m;
  }

  async ok(method, rest, body) {
    const path = `/api/v1/cases/${this.caseId}/sessions${this.id ? `/${this.id}` : ""}${rest}`;
    const r = await this.officer(method, path, body);
    const text = await r.text();
    assert.ok(r.ok, `${method} ${path}: ${r.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  /** The session as the host's page gets it. */
  view = async () => (await this.ok("GET", "")).session;
  here = async (what) => (await this.view()).people.filter((p) => p.here === what).length;

  /** The link and the code of one person. */
  invite = (who) => this.ok("POST", "/invitations", { who });

  /** The events of the case's chain, of one kind. */
  async events(kind) {
    const r = await this.officer("GET", `/api/v1/cases/${this.caseId}/events`);
    return (await r.json()).events.filter((e) => e.kind === kind);
  }

  /** Exports the evidence of the case and has it verified by itself. */
  async verify() {
    const exporter = await this.world.client("jiaxian.second");
    const r = await exporter("GET", `/api/v1/cases/${this.caseId}/bundle`);
    assert.equal(r.status, 200);
    const file = join(this.world.dir, "session.zip");
    await writeFile(file, Buffer.from(await r.arrayBuffer()));
    return (await promisify(execFile)(binary, ["verify", file])).stdout;
  }
}
