// The session service in the shape of hub/api/meetings.go and attend.go, small
// and in memory, until the hub serves rooms: then this file and its use in
// front.mjs go. The media server behind it is the real one.
import { randomUUID } from "node:crypto";

const face = ["camera", "mic"];
const all = ["camera", "mic", "screen", "screen_audio"];
const rights = {
  host: { publish: all, hear: true, control: true, show: true, point: true, chat: true, question: true, identify: true, sign: true },
  reviewer: { publish: all, hear: true, show: true, point: true, chat: true, ask: true, question: true, identify: true, sign: true },
  clerk: { publish: all, hear: true, show: true, point: true, chat: true, ask: true, question: true, identify: true, sign: true },
  applicant: { publish: face, hear: true, point: true, chat: true, ask: true, sign: true },
  interpreter: { publish: face, hear: true, chat: true, caption: true, ask: true, sign: true },
};
const none = { publish: [], hear: false, control: false, show: false, point: false, chat: false, caption: false, ask: false, question: false, identify: false, sign: false };
const texts = [
  { key: "notice", title: "告知书", words: "会话内容将作为登记档案的组成部分。<script>window.hacked=1</script>", digest: "sha256:n" },
  { key: "declaration", title: "声明", words: "本人如实回答。", digest: "sha256:d" },
  { key: "recording", title: "录音录像单独同意书", words: "本人单独同意录音录像。", digest: "sha256:r" },
];

export class SessionStub {
  constructor({ id, caseId, number, item, unit, people, sfu, questions }) {
    Object.assign(this, { id, caseId, number, item, unit, people, sfu, questions });
    this.turns = [];
    this.identities = [];
    this.state = "scheduled";
    this.shown = [];
    this.draft = null;
    this.rev = 0;
    this.log = [];
    this.guests = new Map();
    this.from = new Date(Date.now() - 5 * 60_000).toISOString();
    this.to = new Date(Date.now() + 40 * 60_000).toISOString();
    for (const p of people) Object.assign(p, { here: "invited", consented: false, talk: 0, party: p.party ?? 0 });
  }

  person = (who) => this.people.find((p) => p.who === who);
  live = () => ["open", "formal", "paused"].includes(this.state);

  may(p) {
    if (p.here === "waiting" || p.here === "testing") return { ...none, ask: true };
    if (!["admitted", "consulting"].includes(p.here) || !this.live()) return none;
    const m = { ...none, ...rights[p.role] };
    if (this.state !== "formal") m.question = m.identify = m.sign = false;
    return m;
  }

  view(who) {
    const p = this.person(who);
    const own = !["host", "reviewer", "clerk"].includes(p.role);
    return {
      case: this.caseId, number: this.number, seat: who, may: this.may(p), shown: this.shown, now: new Date().toISOString(),
      ...(this.stalled ? { stalled: "storage_refused" } : {}), ...(own && !p.consented ? { texts } : {}),
      presence: this.people.map((q) => ({ who: q.who, role: q.role, here: q.here, self_test: q.score, help: q.help })),
      session: {
        id: this.id, state: this.state, cause: this.cause, locked: this.locked === true, from: this.from, to: this.to, turns: this.turns, identities: this.identities, tracks: [],
        people: this.people.map((q) => ({ who: q.who, role: q.role, name: q.name, here: q.here, talk: q.talk, consented: q.consented, party: q.party })),
      },
    };
  }

  async node(path, params) {
    await fetch(`${this.sfu}${path}?${new URLSearchParams(params)}`, { method: "POST" });
  }
  room = (p) => (p.talk ? `${this.id}.talk${p.talk}` : this.id);

  /** Stops or mends the recorder, as a full disk would. */
  stall(on) {
    this.stalled = on;
    if (on && this.state === "formal") [this.state, this.cause] = ["paused", "recording_stalled"];
  }

  async move(by, did, { who, people } = {}) {
    const p = this.person(who ?? people?.[0] ?? by);
    const to = { open: "admitted", enter: "admitted", admit: "admitted", leave: "left", remove: "removed", recall: "left", consult: "consulting", rejoin: "admitted" }[did];
    if (did === "open") this.state = "open";
    if (did === "consult") {
      this.talks = (this.talks ?? 0) + 1;
      for (const w of people) {
        const q = this.person(w);
        const from = this.room(q);
        Object.assign(q, { here: "consulting", talk: this.talks });
        await this.node("/move", { room: from, who: w, to: this.room(q) });
      }
      return;
    }
    if (did === "rejoin") {
      for (const q of this.people.filter((x) => x.talk === p.talk)) {
        const from = this.room(q);
        Object.assign(q, { here: "admitted", talk: 0 });
        await this.node("/move", { room: from, who: q.who, to: this.id });
      }
      return;
    }
    p.here = to;
    if (did === "admit") await this.node("/admit", { room: this.id, who: p.who });
    if (did === "remove") await this.node("/remove", { room: this.id, who: p.who });
    if (did === "leave" && p.role === "host" && this.state === "formal") [this.state, this.cause] = ["paused", "host_left"];
  }

  turn(did) {
    this.turns.push({ did, at: new Date().toISOString() });
    if ((did === "begin" || did === "resume") && this.stalled) return { status: 409, code: "recording_stalled", detail: "录制没有得到确认" };
    this.state = { begin: "formal", resume: "formal", pause: "paused", close: "closed" }[did];
    if (did === "pause") this.cause = "host_wish";
    if (did !== "pause") this.cause = undefined;
    return {};
  }

  draftView(p) {
    const d = this.draft;
    if (!d || (p.role === "applicant" && !d.digest)) return { rev: this.rev };
    const needed = this.people.filter((x) => x.who === d.who || x.role === "host" || (x.role === "interpreter" && x.here === "admitted")).map((x) => x.who);
    return { ...d, rev: this.rev, questions: this.questions, needed: d.digest ? needed.filter((w) => !d.confirmed.some((c) => c.who === w)) : [] };
  }

  /** Answers a request below /sessions/{id}; an object with status is a refusal. */
  async answer(method, path, body, who) {
    const p = this.person(who);
    this.log.push(`${who} ${method} ${path}`);
    const act = /^POST \/(open|enter|admit|leave|remove|recall|consult|rejoin)$/.exec(`${method} ${path}`)?.[1];
    if (act) return await this.move(who, act, body), {};
    const turn = /^POST \/(begin|pause|resume|close)$/.exec(`${method} ${path}`)?.[1];
    if (turn) return this.turn(turn);
    switch (`${method} ${path}`) {
      case "GET ": return this.view(who);
      case "PUT /self-test": p.here = p.here === "admitted" ? p.here : "testing"; p.score = body.score; return {};
      case "POST /consent": p.consented = true; return {};
      case "POST /wait": p.here = "waiting"; return {};
      case "PUT /help": p.help = body.text; return {};
      case "PUT /lock": this.locked = body.on; await this.node("/lock", { room: this.id, on: body.on }); return {};
      case "POST /hand-over":
      case "POST /take-over": this.people.find((x) => x.role === "host").role = "reviewer"; this.person(body.who ?? who).role = "host"; return {};
      case "POST /show": if (!this.shown.includes(body.material)) this.shown.push(body.material); return {};
      case "POST /identify": this.identities.push({ who: body.who, method: body.method, result: body.result, at: new Date().toISOString() }); this.still = body.still; return {};
      case "GET /draft": return this.draftView(p);
      case "PUT /draft":
        if (body.rev !== this.rev) return { status: 409, code: "stale_version", detail: "另一位同事刚改过" };
        this.rev++;
        this.draft = { who: body.who, answers: body.answers, text: body.text, confirmed: [] };
        return { rev: this.rev };
      case "POST /draft/read-back": this.draft.digest = `sha256:${this.rev}`; return { digest: this.draft.digest };
      case "POST /draft/confirm": this.draft.confirmed.push({ who, at: new Date().toISOString() }); this.strokes = body.strokes.map((x) => x.dots); return {};
      case "POST /record": this.sealed = this.draft; this.draft = null; this.rev++; return {};
      case "POST /sign": this.signed = body; return {};
      case "POST /ticket": {
        const may = this.may(p);
        const inside = ["admitted", "consulting"].includes(p.here);
        const token = { Room: this.room(p), Who: who, Wait: !inside, Admin: may.control, Publish: inside ? may.publish : face, Info: { name: p.name, role: p.role } };
        return { address: "/room/ws", token: JSON.stringify(token) };
      }
    }
    return { status: 404, code: "not_found", detail: "" };
  }

  /** A link for a guest; its code is 123456. */
  invite(who) {
    const link = randomUUID();
    this.guests.set(link, { who, used: false });
    return link;
  }
}
