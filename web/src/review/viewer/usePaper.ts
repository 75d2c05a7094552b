// One page on the screen: how large, how turned, drawn from the store.
import { computed, onMounted, onUnmounted, ref, watch, type Ref } from "vue";
import { pageStore, type PageOf } from "../pages";
import type { Turn } from "../regions";
import type { Page } from "../types";

export type Zoom = "width" | "page" | number;
const largest = 16e6; // pixels of a canvas that every browser draws

export interface Paper {
  case: string;
  material: string;
  page: Page;
  against: { material: string; n: number } | null; // shows what differs
}

export function usePaper(paper: Ref<Paper | null>, scroller: Ref<HTMLElement | undefined>, canvas: Ref<HTMLCanvasElement | undefined>) {
  const zoom = ref<Zoom>("width");
  const turn = ref<Turn>(0);
  const room = ref({ w: 600, h: 700 });
  const drawn = ref("");
  const failed = ref(false);
  const slow = ref(false);
  let loupe: Zoom | null = null;
  let watcher: ResizeObserver | null = null;
  let frame = 0;

  const natural = computed(() => {
    const p = paper.value?.page;
    const [w, h] = [p?.width || 800, p?.height || 1100];
    return turn.value % 180 === 0 ? { w, h } : { w: h, h: w };
  });
  const scale = computed(() => {
    const [w, h] = [(room.value.w - 4) / natural.value.w, (room.value.h - 4) / natural.value.h];
    if (zoom.value === "width") return Math.max(w, 0.05);
    if (zoom.value === "page") return Math.max(Math.min(w, h), 0.05);
    return zoom.value;
  });
  const size = computed(() => ({ w: Math.round(natural.value.w * scale.value), h: Math.round(natural.value.h * scale.value) }));
  const percent = computed(() => Math.round(scale.value * 100));

  const of = (p: Paper, which: PageOf["size"]): PageOf => ({ case: p.case, material: p.material, n: p.page.n, size: which });

  function paint(picture: ImageBitmap, other: ImageBitmap | null): void {
    const c = canvas.value;
    const p = paper.value;
    const pen = c?.getContext("2d", { alpha: false });
    if (!c || !pen || !p) return;
    const { w, h } = size.value;
    const dense = Math.min(devicePixelRatio || 1, Math.sqrt(largest / (w * h)));
    const [cw, ch] = [Math.max(1, Math.round(w * dense)), Math.max(1, Math.round(h * dense))];
    if (c.width !== cw || c.height !== ch) [c.width, c.height] = [cw, ch];
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.globalCompositeOperation = "source-over";
    pen.imageSmoothingQuality = "high";
    pen.translate(cw / 2, ch / 2);
    pen.rotate((turn.value * Math.PI) / 180);
    const [dw, dh] = turn.value % 180 === 0 ? [cw, ch] : [ch, cw];
    pen.drawImage(picture, -dw / 2, -dh / 2, dw, dh);
    if (other) {
      pen.globalCompositeOperation = "difference";
      pen.drawImage(other, -dw / 2, -dh / 2, dw, dh);
    }
    drawn.value = `${p.material}/${p.page.n}`;
  }

  let wish = 0;
  /** Draws at once when the page is here; else as soon as it comes. */
  async function draw(): Promise<void> {
    const p = paper.value;
    if (!p) return;
    const mine = ++wish;
    failed.value = false;
    const sharp = p.page.full && scale.value * (devicePixelRatio || 1) > 1.4;
    const against: PageOf | null = p.against && { case: p.case, material: p.against.material, n: p.against.n, size: "page" };
    const other = against ? pageStore.peek(against) : null;
    const here = (sharp ? pageStore.peek(of(p, "full")) : undefined) ?? pageStore.peek(of(p, "page"));
    if (here && other !== undefined) {
      paint(here, other);
      if (!sharp || here.width > p.page.width) return;
    }
    const late = setTimeout(() => (slow.value = mine === wish), 300);
    try {
      const [picture, compared] = await Promise.all([pageStore.load(of(p, sharp ? "full" : "page")), against ? pageStore.load(against) : null]);
      if (mine === wish) paint(picture, compared);
    } catch {
      failed.value = mine === wish && !here;
    } finally {
      clearTimeout(late);
      if (mine === wish) slow.value = false;
    }
  }

  watch([paper, turn, size], () => void draw(), { flush: "post" });
  onMounted(() => {
    watcher = new ResizeObserver(([e]) => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => (room.value = { w: e!.contentRect.width, h: e!.contentRect.height }));
    });
    if (scroller.value) watcher.observe(scroller.value);
    void draw();
  });
  onUnmounted(() => {
    watcher?.disconnect();
    cancelAnimationFrame(frame);
  });

  const bigger = (by: number) => (zoom.value = Math.min(6, Math.max(0.1, scale.value * by)));
  const fit = () => (zoom.value = zoom.value === "width" ? "page" : "width");
  const rotate = (by: 90 | 270) => (turn.value = ((turn.value + by) % 360) as Turn);
  function magnify(): void {
    const el = scroller.value;
    if (!el) return;
    const centre = { x: (el.scrollLeft + el.clientWidth / 2) / el.scrollWidth, y: (el.scrollTop + el.clientHeight / 2) / el.scrollHeight };
    if (loupe !== null) {
      zoom.value = loupe;
      loupe = null;
    } else {
      loupe = zoom.value;
      zoom.value = Math.min(6, scale.value * 2.5);
    }
    requestAnimationFrame(() => el.scrollTo(centre.x * el.scrollWidth - el.clientWidth / 2, centre.y * el.scrollHeight - el.clientHeight / 2));
  }
  return { zoom, turn, size, percent, drawn, failed, slow, draw, bigger, fit, rotate, magnify };
}
