const cells = 24;

/** How far a piece of work is. */
export interface Extent {
  readonly done: number;
  /** More than zero. */
  readonly total: number;
  /** What is counted, in the plural. */
  readonly unit: string;
  /** Since the work began. */
  readonly seconds: number;
}

/** One line: `██████░░░░░░░░░░░░░░░░░░  25 %  25000 of 100000 accounts, about 1 min 12 s left`. */
export function progressBar({ done, total, unit, seconds }: Extent): string {
  const share = Math.min(1, done / total);
  const full = Math.round(share * cells);
  const bar = `${'█'.repeat(full)}${'░'.repeat(cells - full)}`;
  const percent = String(Math.floor(share * 100)).padStart(3);
  return `${bar} ${percent} %  ${done} of ${total} ${unit}${remaining(share, seconds)}`;
}

/** Judged by the pace so far; nothing is said of it before there is one. */
function remaining(share: number, seconds: number): string {
  if (share === 0 || share === 1 || seconds < 1) return '';
  const left = Math.ceil((seconds / share) * (1 - share));
  const minutes = Math.floor(left / 60);
  return `, about ${minutes === 0 ? '' : `${minutes} min `}${left % 60} s left`;
}
