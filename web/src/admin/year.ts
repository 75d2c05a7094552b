// A year as twelve months of weeks that begin on Monday.
export interface Day {
  iso: string;
  day: number;
  worked: boolean;
  mark: "" | "off" | "work"; // not as weekends alone would have it
  own: boolean; // the office's own
}

interface Plan {
  year: number;
  days: { day: string; worked: boolean; own?: boolean | undefined }[];
}

const two = (n: number) => String(n).padStart(2, "0");

/** The weeks of a month (1 to 12); null where a week belongs to another month. */
export function month(plan: Plan, m: number): (Day | null)[][] {
  const told = new Map(plan.days.map((d) => [d.day, d]));
  const first = (new Date(Date.UTC(plan.year, m - 1, 1)).getUTCDay() + 6) % 7;
  const last = new Date(Date.UTC(plan.year, m, 0)).getUTCDate();
  const cells: (Day | null)[] = Array<null>(first).fill(null);
  for (let n = 1; n <= last; n++) {
    const iso = `${plan.year}-${two(m)}-${two(n)}`;
    const weekend = (first + n - 1) % 7 > 4;
    const d = told.get(iso);
    cells.push({ iso, day: n, worked: d ? d.worked : !weekend, mark: d ? (d.worked ? "work" : "off") : "", own: d?.own === true });
  }
  while (cells.length % 7) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, i) => cells.slice(i * 7, i * 7 + 7));
}
