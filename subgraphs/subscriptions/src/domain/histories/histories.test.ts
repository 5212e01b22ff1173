import fc from 'fast-check';
import { setImmediate } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { type History, liveHistory } from '../../../test/histories/history.js';
import { assertCostsNothing, invariants } from '../../../test/histories/invariants.js';
import { anyEndOnFirstDay, anyScenario, type Scenario } from '../../../test/histories/scenario.js';

/** How many histories are lived, and the seed from which they follow: HISTORIES_SEED lives the same ones again. */
const histories = Number(process.env['HISTORIES'] ?? 1_000);
const firstSeed = Number(process.env['HISTORIES_SEED'] ?? Date.now() % 1_000_000_000);
const timeout = 60_000 + histories * 60;

/** Histories of one seed. Each following batch has the next seed. */
const batchSize = Math.min(histories, 1_000);

interface Broken {
  readonly invariant: string;
  readonly seed: number;
}

/** Lives every history once and holds all invariants against it; after each batch others have their turn. */
async function brokenInvariants(): Promise<{ readonly broken: Broken[]; readonly lived: number }> {
  const broken = new Map<string, Broken>();
  let lived = 0;
  for (let seed = firstSeed; lived < histories; seed += 1) {
    for (const scenario of fc.sample(anyScenario, { numRuns: batchSize, seed })) {
      const history = liveHistory(scenario);
      lived += 1;
      for (const [invariant, check] of Object.entries(invariants)) {
        if (!broken.has(invariant) && !isHeld(check, history)) broken.set(invariant, { invariant, seed });
      }
    }
    await setImmediate();
  }
  return { broken: [...broken.values()], lived };
}

function isHeld(check: (history: History) => void, history: History): boolean {
  try {
    check(history);
    return true;
  } catch {
    return false;
  }
}

/** The shortest history that breaks an invariant, told by a failure that says how to see it again. */
function expectHeld(
  scenarios: fc.Arbitrary<Scenario>,
  check: (history: History) => void,
  seed: number,
): void {
  fc.assert(
    fc.property(scenarios, (scenario) => check(liveHistory(scenario))),
    { numRuns: batchSize, seed },
  );
}

describe(`any history of orders, clocks and time zones (HISTORIES=${histories} HISTORIES_SEED=${firstSeed})`, () => {
  let broken: readonly Broken[] = [];
  let lived = 0;

  beforeAll(async () => {
    ({ broken, lived } = await brokenInvariants());
  }, timeout);

  test('as many are lived as are asked for', () => {
    expect(lived).toBeGreaterThanOrEqual(histories);
  });

  test.each(Object.entries(invariants))(
    '%s',
    (invariant, check) => {
      const found = broken.find((one) => one.invariant === invariant);
      if (found !== undefined) expectHeld(anyScenario, check, found.seed);
      expect(found).toBeUndefined();
    },
    timeout,
  );

  test(
    '3. what ends on its first day costs nothing, whatever was ordered for that day and whenever',
    () => {
      expectHeld(anyEndOnFirstDay, assertCostsNothing, firstSeed);
    },
    timeout,
  );
});
