import { readFile } from 'node:fs/promises';
import { readEnvironment as readGateway } from '@fulfillment/gateway/environment';
import { readEnvironment as readLicenses } from '@fulfillment/licenses/environment';
import { readEnvironment as readOrders } from '@fulfillment/orders/environment';
import { readEnvironment as readPartners } from '@fulfillment/partners/environment';
import { readEnvironment as readSubscriptions } from '@fulfillment/subscriptions/environment';
import { expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const kernel = 'subgraphs/kernel/README.md';

const processes = [
  { name: 'the gateway', read: readGateway, tables: ['gateway/README.md'] },
  { name: 'orders', read: readOrders, tables: [kernel, 'subgraphs/orders/README.md'] },
  { name: 'subscriptions', read: readSubscriptions, tables: [kernel, 'subgraphs/subscriptions/README.md'] },
  { name: 'licenses', read: readLicenses, tables: [kernel, 'subgraphs/licenses/README.md'] },
  { name: 'partners', read: readPartners, tables: [kernel, 'subgraphs/partners/README.md'] },
];

/** What a process asks its environment for, before it finds that nothing is there. */
function variablesRead(read: () => unknown): string[] {
  const names = new Set<string>();
  const real = process.env;
  process.env = new Proxy(
    {},
    {
      get: (_, name) => {
        names.add(String(name));
        return undefined;
      },
    },
  );
  try {
    expect(read).toThrow('is not complete');
  } finally {
    process.env = real;
  }
  return [...names].sort();
}

/** The names in the first column of the table under the heading "Environment". */
async function variablesTold(readme: string): Promise<string[]> {
  const text = await readFile(new URL(readme, root), 'utf8');
  const [, section = ''] = /^## Environment.*?\n(.*?)(?=^## |(?![^]))/ms.exec(text) ?? [];
  const rows = section.matchAll(/^\|([^|]*)\|/gm);
  return [...rows].flatMap(([, names = '']) =>
    [...names.matchAll(/`([A-Z_]+)`/g)].map(([, name = '']) => name),
  );
}

it.each(processes)(
  'the README says what $name reads from its environment, and no more',
  async ({ read, tables }) => {
    const told = (await Promise.all(tables.map(variablesTold))).flat();
    expect(told.sort()).toEqual(variablesRead(read));
  },
);
