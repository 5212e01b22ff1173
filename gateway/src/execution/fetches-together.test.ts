import { expect, it } from 'vitest';
import type { FetchNode, PlanNode } from '../planning/query-plan.js';
import { fetchesTogether } from './fetches-together.js';

const fetch = (operationName: string, more: Partial<FetchNode> = {}): FetchNode => ({
  kind: 'Fetch',
  serviceName: 'orders',
  operationName,
  operation: '',
  operationKind: 'query',
  requires: [],
  ...more,
});
const flatten = (node: FetchNode): PlanNode => ({ kind: 'Flatten', path: ['a'], node });
const parallel = (...nodes: PlanNode[]): PlanNode => ({ kind: 'Parallel', nodes });
const sequence = (...nodes: PlanNode[]): PlanNode => ({ kind: 'Sequence', nodes });
const names = (node: PlanNode | undefined) =>
  new Set([...fetchesTogether(node)].map(({ operationName }) => operationName));

const root = fetch('root');
const { requires: _, ...rootFields } = root;

it.each<[string, PlanNode | undefined, readonly string[]]>([
  ['nothing that is asked', undefined, []],
  ['one after the other', sequence(flatten(fetch('a')), flatten(fetch('b'))), []],
  ['side by side', parallel(flatten(fetch('a')), flatten(fetch('b'))), ['a', 'b']],
  ['of other services', parallel(fetch('a'), fetch('b', { serviceName: 'licenses' })), []],
  ['of root fields', parallel(rootFields, fetch('b')), []],
  [
    'at any depth of two sides',
    parallel(sequence(rootFields, flatten(fetch('a')), flatten(fetch('b'))), sequence(flatten(fetch('c')))),
    ['a', 'b', 'c'],
  ],
  [
    'below a condition',
    parallel({ kind: 'Condition', condition: 'x', ifClause: fetch('a'), elseClause: fetch('b') }, fetch('c')),
    ['a', 'b', 'c'],
  ],
  [
    'once for each context',
    fetch('a', { contextRewrites: [{ kind: 'KeyRenamer', path: [], renameKeyTo: '' }] }),
    ['a'],
  ],
])('fetches %s', (_, node, expected) => {
  expect(names(node)).toEqual(new Set(expected));
});
