import { readFile } from 'node:fs/promises';
import { parse, validate } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { AUDIENCES } from '@fulfillment/schema/audience';
import { createApolloPlanner } from '../../src/planning/apollo-planner.js';
import type { Planner } from '../../src/planning/planner.js';
import { readSafelist } from '../../src/protection/safelist/safelist.js';
import { loadSupergraph, readSupergraph } from '../../src/supergraph/load.js';
import { randomOperation } from '../execution/random-operation.js';
import { Random } from '../execution/random.js';

const operations = 150;

/** Plans are checked as they are made: a plan that is refused here would be refused to a client. */
describe.each(AUDIENCES)('the committed supergraph as %s sees it', { timeout: 240_000 }, (audience) => {
  let planner: Planner;
  beforeAll(async () => {
    const { sdl } = await loadSupergraph(await readSupergraph());
    planner = createApolloPlanner(sdl[audience] ?? '');
  }, 120_000);

  it('answers every operation of our own clients', async () => {
    const manifest = new URL(import.meta.resolve('@fulfillment/schema/operations/safelist.json'));
    const documents = readSafelist(await readFile(manifest, 'utf8')).get(audience);
    expect(documents?.size).toBeGreaterThan(0);
    for (const document of documents?.values() ?? [])
      expect(planner.plan(parse(document)).node).toBeDefined();
  });

  it(`answers ${operations} random operations`, () => {
    let valid = 0;
    for (let seed = 0; valid < operations; seed += 1) {
      const { source } = randomOperation(planner.apiSchema, new Random(seed));
      const document = parse(source);
      if (validate(planner.apiSchema, document).length > 0) continue; // it gives texts where input objects belong
      valid += 1;
      expect(() => planner.plan(document), `seed ${seed}: ${source}`).not.toThrow();
    }
  });
});
