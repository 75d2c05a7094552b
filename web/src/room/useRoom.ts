// The room as a page sees it: the protocol client's state made reactive, the
// local devices, what others share, and how good the line is.
import { computed, onScopeDispose, reactive, ref, shallowRef, triggerRef, type InjectionKey } from "vue";
import { announce } from "@/kit/announce";
import { t } from "@/words";
import { openDevices, type Cause } from "./devices";
import type { RoomClient } from "./line/client";
import { judge, look, type Look, type Quality } from "./line/quality";
import { socketAddress, ticket, type Place } from "./service";
import { parseShared, shared, type Kind, type Mark, type Parts, type Point, type Show } from "./shared";

export interface Line { from: string; text: string; at: number }
export interface Tile { key: string; who: string; source: "camera" | "screen"; publication: string; own: boolean }
export type Room = ReturnType<typeof useRoom>;
export const roomKey: InjectionKey<Room> = Symbol("room");

const lines = 300; // of chat that are kept on the page

export function useRoom(place: Place, happened: () => void) {
  const client = shallowRef<RoomClient | null>(null);
  const devices = reactive({ camera: null as MediaStreamTrack | null, mic: null as MediaStreamTrack | null, screen: null as MediaStreamTrack | null, cause: "none" as Cause });
  const chat = ref<Line[]>([]);
  const captions = ref<Line[]>([]);
  const hands = reactive(new Set<string>());
  const shown = ref<Show | null>(null);
  const papers = reactive(new Map<string, { name: string; pages: number }>()); // what is known of what is shown
  const pointer = ref<(Point & { from: string }) | null>(null);
  const marks = reactive(new Map<string, Mark>());
  const quality = ref<Quality | null>(null);
  const quiet = ref(false); // others' pictures are hidden
  const frames = shallowRef<Record<string, number>>({});
  let before: Look | null = null;
  let timer: ReturnType<typeof setInterval> | undefined;

  const state = computed(() => client.value?.state ?? null);
  const away = computed(() => (client.value?.state.phase === "away" ? client.value.brokenSince : 0));

  function take(from: string, data: unknown): void {
    const m = parseShared(data);
    if (!m) return;
    switch (m.kind) {
      case "show":
        if (shown.value?.material !== m.part.material || shown.value.page !== m.part.page) pointer.value = null;
        shown.value = m.part;
        return happened();
      case "point":
        pointer.value = m.part.off ? null : { ...m.part, from };
        return;
      case "mark":
        if (m.part.off) marks.delete(m.part.id);
        else if (marks.size < 100) marks.set(m.part.id, m.part);
        return;
      case "chat":
        chat.value = [...chat.value, { from, text: m.part.text, at: Date.now() }].slice(-lines);
        return;
      case "caption":
        captions.value = [...captions.value, { from, text: m.part.text, at: Date.now() }].slice(-50);
        return;
      case "hand":
        if (m.part.up) hands.add(from);
        else hands.delete(from);
    }
  }

  /** Says something to all, and takes it for oneself too. */
  function share<K extends Kind>(kind: K, part: Parts[K]): void {
    const m = shared(kind, part);
    client.value?.app(kind, m);
    take(state.value?.you ?? "", m);
  }

  let entry = 0; // the last wish to come in; leaving ends it
  let wishes = "";
  let members = "";
  function changed(): void {
    triggerRef(client);
    const s = client.value?.state;
    if (!s) return;
    // Others' pictures: off in audio-only mode; who speaks comes first on a narrow line.
    const wish = JSON.stringify([quiet.value, s.speakers[0], Object.keys(s.publications)]);
    if (wish !== wishes && s.phase === "in") {
      wishes = wish;
      for (const p of Object.values(s.publications)) {
        if (p.participant === s.you || (p.source !== "camera" && p.source !== "screen")) continue;
        if (quiet.value) client.value?.want(p.id, "off");
        else client.value?.want(p.id, "high", p.source === "screen" ? 90 : p.participant === s.speakers[0] ? 60 : 20);
      }
    }
    const now = JSON.stringify([s.phase, s.locked, Object.values(s.participants).map((p) => p.id + p.state), Object.keys(s.publications)]);
    if (now !== members) {
      const came = Object.keys(s.participants).length;
      if (members && s.phase === "in" && shown.value && s.grant?.admin && came > 1) { // for who has just come
        client.value?.app("show", shared("show", shown.value));
        for (const m of marks.values()) client.value?.app("mark", shared("mark", m));
      }
      members = now;
      happened();
    }
  }

  async function measure(): Promise<void> {
    const c = client.value;
    const report = await c?.stats();
    if (!c || !report) return;
    const now = look(report, Date.now());
    const q = before ? judge(before, now, c.connection === "connected" && c.state.phase === "in") : null;
    before = now;
    frames.value = now.frames;
    if (q && q.grade === "poor" && quality.value?.grade !== "poor") announce(t("room.net.poor_said"));
    quality.value = q;
  }

  /** Opens what is not open yet. */
  async function open(fine = false): Promise<void> {
    const want = { camera: devices.camera?.readyState !== "live", mic: devices.mic?.readyState !== "live" };
    if (!want.camera && !want.mic) return;
    const got = await openDevices(want, fine);
    if (want.camera) devices.camera = got.camera;
    if (want.mic) devices.mic = got.mic;
    devices.cause = got.cause;
  }

  function enter(may: readonly string[]): void {
    if (client.value && client.value.state.phase !== "ended") return;
    const mine = ++entry;
    void import("./line/client").then((line) => mine === entry && begin(new line.RoomClient(options), may));
  }

  const options = {
    ticket: async () => {
      const got = await ticket(place);
      return { address: socketAddress(got.address), token: got.token };
    },
    on: { changed, app: (from: string, _kind: string, data: unknown) => take(from, data) },
  };

  function begin(c: RoomClient, may: readonly string[]): void {
    for (const source of ["camera", "mic"] as const) if (may.includes(source)) c.publish(source, devices[source]);
    client.value = c;
    c.enter();
    clearInterval(timer);
    timer = setInterval(() => void measure(), 2000);
  }

  function leave(): void {
    entry++;
    clearInterval(timer);
    client.value?.leave();
    for (const k of ["camera", "mic", "screen"] as const) {
      devices[k]?.stop();
      devices[k] = null;
    }
  }

  async function toggle(source: "camera" | "mic"): Promise<void> {
    const c = client.value;
    if (!c) return;
    if (!devices[source] || devices[source]?.readyState === "ended") {
      await open();
      if (devices[source]) c.publish(source, devices[source]);
      return;
    }
    c.mute(source, !c.muted(source));
  }

  async function screen(on: boolean): Promise<void> {
    devices.screen?.stop();
    devices.screen = null;
    if (on) {
      const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: 10 } }).catch(() => null);
      const track = stream?.getVideoTracks()[0] ?? null;
      if (!track) return;
      track.contentHint = "detail";
      track.onended = () => void screen(false);
      devices.screen = track;
    }
    client.value?.publish("screen", devices.screen);
  }

  function hide(on: boolean): void {
    quiet.value = on;
    changed();
  }

  const tiles = computed<Tile[]>(() => {
    const s = state.value;
    if (!s || s.phase === "waiting") return [];
    const out: Tile[] = [];
    for (const p of Object.values(s.participants)) {
      if (p.state === "waiting") continue;
      const of = Object.values(s.publications).filter((x) => x.participant === p.id && !x.muted);
      const own = p.id === s.you;
      for (const x of of) if (x.source === "screen") out.unshift({ key: `${p.id}/screen`, who: p.id, source: "screen", publication: x.id, own });
      out.push({ key: p.id, who: p.id, source: "camera", publication: of.find((x) => x.source === "camera")?.id ?? "", own });
    }
    return out;
  });
  const speaker = computed(() => state.value?.speakers[0] ?? "");
  const muted = (source: "camera" | "mic"): boolean => client.value?.muted(source) ?? true;
  const heard = (who: string): boolean => Object.values(state.value?.publications ?? {}).some((p) => p.participant === who && p.source === "mic" && !p.muted);
  const sounds = computed(() => {
    const c = client.value;
    const s = state.value;
    if (!c || !s) return [];
    return Object.values(s.publications).filter((p) => p.participant !== s.you && (p.source === "mic" || p.source === "screen_audio"))
      .map((p) => ({ id: p.id, track: c.trackOf(p.id) })).filter((x) => x.track !== null);
  });

  onScopeDispose(leave);
  return {
    client, state, away, devices, chat, captions, hands, shown, papers, pointer, marks, quality, quiet, frames, tiles, speaker, sounds,
    muted, heard, share, open, enter, leave, toggle, screen, hide,
  };
}
