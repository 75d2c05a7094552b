// The pictures of pages, decoded and ready to be drawn: a page turn only draws.
// Nothing is kept on disk, and everything is forgotten when the person signs out.
import { bytes } from "@/api/client";
import { beforeSignOut } from "@/shell/session";
import { t } from "@/words";

export interface PageOf {
  case: string;
  material: string;
  n: number;
  size: "thumb" | "page" | "full";
}

/** What a store keeps; an ImageBitmap is one. */
export interface Picture { width: number; height: number; close(): void }

const nameOf = (p: PageOf): string => `${p.case}/${p.material}/${p.n}/${p.size}`;

/** Keeps the newest pictures up to a number of bytes; one request for each page. */
export class PageStore<P extends Picture> {
  private kept = new Map<string, P>(); // the newest last
  private coming = new Map<string, Promise<P>>();
  private queue: PageOf[] = [];
  private fetching = false;
  private used = 0;
  private era = 0;

  constructor(
    private readonly get: (page: PageOf) => Promise<P>,
    private readonly limit = 160e6,
  ) {}

  /** The picture, if it is here. */
  peek(page: PageOf): P | undefined {
    const name = nameOf(page);
    const found = this.kept.get(name);
    if (found) {
      this.kept.delete(name);
      this.kept.set(name, found);
    }
    return found;
  }

  /** The picture; asks the hub at most once for it at a time. */
  load(page: PageOf): Promise<P> {
    const here = this.peek(page);
    if (here) return Promise.resolve(here);
    const name = nameOf(page);
    const era = this.era;
    let wanted = this.coming.get(name);
    if (!wanted) {
      wanted = this.get(page).then((p) => {
        this.coming.delete(name);
        if (era === this.era) this.keep(name, p);
        return p;
      });
      wanted.catch(() => this.coming.delete(name));
      this.coming.set(name, wanted);
    }
    return wanted;
  }

  /** Loads what will be wanted next, one after the other, so that it is in nobody's way. */
  prefetch(pages: PageOf[]): void {
    this.queue = pages.filter((p) => !this.kept.has(nameOf(p)));
    if (!this.fetching) void this.work();
  }

  forget(): void {
    this.era++;
    for (const p of this.kept.values()) p.close();
    this.kept.clear();
    this.coming.clear();
    this.queue = [];
    this.used = 0;
  }

  private async work(): Promise<void> {
    this.fetching = true;
    for (let p = this.queue.shift(); p; p = this.queue.shift()) await this.load(p).catch(() => undefined);
    this.fetching = false;
  }

  private keep(name: string, p: P): void {
    this.kept.set(name, p);
    this.used += p.width * p.height * 4;
    for (const [old, gone] of this.kept) {
      if (this.used <= this.limit || old === name) break;
      this.kept.delete(old);
      this.used -= gone.width * gone.height * 4;
      gone.close();
    }
  }
}

export const pagePath = (p: PageOf): string => `/api/v1/cases/${p.case}/materials/${encodeURIComponent(p.material)}/pages/${p.n}?size=${p.size}`;

export const pageStore = new PageStore<ImageBitmap>(async (p) => createImageBitmap(await bytes(pagePath(p), t("review.purpose.review"))));
beforeSignOut(() => pageStore.forget());
