/** What a run came to. Times are in seconds. */
export interface FaultReport {
  readonly seed: string;
  /** How many orders clients were told of. */
  readonly orders: number;
  readonly outcomes: readonly { readonly status: string; readonly count: number }[];
  /** By what was killed. */
  readonly kills: ReadonlyMap<string, number>;
  /** Processes that ended without having been killed, and were started again. */
  readonly endedByThemselves: number;
  /** How often clients asked again. */
  readonly retries: number;
  readonly placedIn: number;
  readonly settledIn: number;
  readonly seconds: number;
  readonly checks: readonly { readonly name: string; readonly violations: readonly string[] }[];
}

/** How many of a check's violations are shown. */
const shown = 5;

export function violationsIn({ checks }: FaultReport): number {
  return checks.reduce((sum, { violations }) => sum + violations.length, 0);
}

/** The report as a person reads it. */
export function reportText(report: FaultReport): string {
  const { seed, orders, outcomes, kills, retries, placedIn, settledIn, seconds } = report;
  const decided = outcomes.map(({ status, count }) => `${count} ${status}`).join(', ');
  const total = [...kills.values()].reduce((sum, count) => sum + count, 0);
  const each = [...kills].map(([name, count]) => `${name} ${count}`).join(', ');
  return [
    `seed        ${seed}`,
    `orders      ${orders}: ${decided}`,
    `kills       ${total}: ${each}`,
    `            ${report.endedByThemselves} ends of a process that was not killed itself`,
    `retries     ${retries}`,
    `time        placed in ${placedIn.toFixed(1)} s, settled in ${settledIn.toFixed(1)} s, ${seconds.toFixed(1)} s in all`,
    ...report.checks.flatMap(({ name, violations }) => [
      `${violations.length === 0 ? '✓' : '✗'} ${name}`,
      ...violations.slice(0, shown).map((violation) => `    ${violation}`),
      ...(violations.length > shown ? [`    and ${violations.length - shown} more`] : []),
    ]),
    `violations  ${violationsIn(report)}`,
  ].join('\n');
}
