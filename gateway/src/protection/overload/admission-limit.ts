/** How many requests may be under way at a time, by how late the process is with its work. */
export interface AdmissionRules {
  /** Requests that are always admitted, in number, however late the process is. */
  readonly fewest: number;
  readonly most: number;
  /** At the start. */
  readonly initial: number;
  /** The process is late when what is due waits longer than this for its turn, in milliseconds. */
  readonly lateMs: number;
}

/** Few at the start: with more under way than keep one processor busy, each request costs more of it. */
export const usualAdmissionRules: AdmissionRules = { fewest: 32, most: 4_096, initial: 64, lateMs: 40 };

/** @param fewest requests that are always admitted, in place of the usual number */
export function admissionRules(fewest: number): AdmissionRules {
  return { ...usualAdmissionRules, fewest, initial: Math.max(fewest, usualAdmissionRules.initial) };
}

/** What was seen since the limit was last adjusted. */
export interface Observation {
  /** How long what was due waited for its turn, in milliseconds. */
  readonly delayMs: number;
  /** The most requests that were under way at a time. */
  readonly mostUnderWay: number;
}

/**
 * The next limit. A process that is late takes on a tenth less; one that is in time and has come near its limit a
 * twentieth more. More requests under way than the processor can serve bring nothing: each of them waits longer, and all
 * that is done for those whose clients give up is lost.
 */
export function nextLimit(limit: number, seen: Observation, rules: AdmissionRules): number {
  const next = seen.delayMs > rules.lateMs ? reduced(limit, seen) : raised(limit, seen, rules);
  return Math.min(Math.max(next, rules.fewest), rules.most);
}

/** Where the limit was far from being reached, it is brought down to what was reached: that was too much. */
function reduced(limit: number, { mostUnderWay }: Observation): number {
  return 0.9 * Math.min(limit, Math.max(mostUnderWay, 0.5 * limit));
}

function raised(limit: number, { delayMs, mostUnderWay }: Observation, { lateMs }: AdmissionRules): number {
  const isNeeded = mostUnderWay >= 0.9 * limit;
  return isNeeded && delayMs < 0.5 * lateMs ? 1.05 * limit : limit;
}
