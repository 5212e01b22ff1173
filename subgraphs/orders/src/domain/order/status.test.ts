import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fulfillmentStepKinds, type ToldStep } from './fulfillment-step.js';
import {
  fulfillmentOf,
  isStepDone,
  type OrderStatus,
  recordStep,
  refusalReasonOf,
  statusAfter,
} from './status.js';

type Told = Pick<ToldStep, 'kind' | 'status'> & { readonly of?: string | null; readonly second?: number };

function step({ kind, status, of = null, second = 0 }: Told): ToldStep {
  const reason = status === 'REFUSED' ? `${kind} not possible` : null;
  return { kind, subscriptionId: of, status, at: new Date(second * 1_000), reason };
}

/** What an order of these subscriptions comes to when steps are told one after the other. */
function follow(told: readonly Told[], subscriptionIds: readonly string[] = ['a']) {
  const actions = subscriptionIds.map(
    (subscriptionId) => ({ change: { kind: 'CREATE_SUBSCRIPTION' }, subscriptionId }) as const,
  );
  let status: OrderStatus = 'PLACED';
  let order: { actions: typeof actions; told: readonly ToldStep[] } = { actions, told: [] };
  for (const next of told) {
    order = { actions, told: recordStep(order.told, step(next)) };
    status = statusAfter(status, order);
  }
  return { status, ...order, steps: fulfillmentOf(order) };
}

/** What a created subscription needs. */
const stepsOfCreation = fulfillmentStepKinds.filter((kind) => kind !== 'SUBSCRIPTION_CHANGED');
const allDone = stepsOfCreation.map((kind) => ({ kind, status: 'DONE' }) as const);
const refused = { kind: 'SUBSCRIPTION_CREATED', status: 'REFUSED' } as const;

describe('the status of an order', () => {
  test.each<[string, readonly Told[], OrderStatus]>([
    ['nothing told', [], 'PLACED'],
    ['one step missing', allDone.slice(1), 'PLACED'],
    ['all done', allDone, 'FULFILLED'],
    ['all done, in another order and twice', [...allDone.toReversed(), ...allDone], 'FULFILLED'],
    ['one refused', [refused], 'REFUSED'],
    ['one refused, then the others done', [refused, ...allDone], 'REFUSED'],
    ['all done, then one refused', [...allDone, refused], 'FULFILLED'],
  ])('%s', (_, told, status) => {
    expect(follow(told).status).toBe(status);
  });

  test('is final once it is fulfilled or refused, and fulfilled exactly when every step is done', () => {
    const toldStep = fc.record({
      kind: fc.constantFrom(...stepsOfCreation),
      status: fc.constantFrom('DONE', 'REFUSED'),
    }) as fc.Arbitrary<Told>;
    fc.assert(
      fc.property(fc.array(toldStep), fc.array(toldStep), (first, then) => {
        const before = follow(first);
        if (before.status !== 'PLACED') expect(follow([...first, ...then]).status).toBe(before.status);
        expect(before.status === 'FULFILLED').toBe(before.steps.every(({ status }) => status === 'DONE'));
        expect(before.status === 'REFUSED').toBe(refusalReasonOf(before) !== null);
      }),
    );
  });
});

describe('an order with two subscriptions', () => {
  const both = ['a', 'b'];
  const granted = { kind: 'ENTITLEMENTS_GRANTED', status: 'DONE' } as const;
  const stepOf = (told: readonly Told[]) =>
    follow(told, both).steps.find(({ kind }) => kind === 'ENTITLEMENTS_GRANTED');

  test.each<[string, readonly Told[], string, number | null]>([
    ['told of one', [{ ...granted, of: 'a', second: 1 }], 'PENDING', null],
    ['told of one, twice', [1, 2].map((second) => ({ ...granted, of: 'a', second })), 'PENDING', null],
    [
      'told of a stranger',
      [
        { ...granted, of: 'a' },
        { ...granted, of: 'c' },
      ],
      'PENDING',
      null,
    ],
    [
      'told of both, the later one first',
      [
        { ...granted, of: 'b', second: 9 },
        { ...granted, of: 'a', second: 5 },
      ],
      'DONE',
      9,
    ],
    ['told of the order', [{ ...granted, second: 3 }], 'DONE', 3],
    [
      'done for one and refused for the other',
      [
        { ...granted, of: 'a', second: 4 },
        { ...granted, of: 'b', status: 'REFUSED', second: 2 },
      ],
      'REFUSED',
      2,
    ],
  ])('a step %s', (_, told, status, second) => {
    expect(stepOf(told)).toMatchObject({ status, at: second === null ? null : new Date(second * 1_000) });
  });

  test('is fulfilled when every step is done for both', () => {
    const ofFirst = allDone.map((told) => ({ ...told, of: 'a' }));
    const ofSecond = allDone.map((told) => ({ ...told, of: 'b' }));
    expect(follow(ofFirst, both).status).toBe('PLACED');
    expect(follow([...ofFirst, ...ofSecond], both).status).toBe('FULFILLED');
  });
});

test('a refusal gives its reason, or says which step it was', () => {
  const { actions, told } = follow([refused]);
  expect(refusalReasonOf({ actions, told })).toBe('SUBSCRIPTION_CREATED not possible');
  expect(refusalReasonOf({ actions, told: told.map((each) => ({ ...each, reason: null })) })).toBe(
    'SUBSCRIPTION_CREATED was refused.',
  );
  expect(refusalReasonOf({ actions, told: [] })).toBeNull();
  expect(isStepDone(told, 'SUBSCRIPTION_CREATED', { subscriptionId: 'a' })).toBe(false);
});

test('an order that changes one subscription and creates another needs the steps of both', () => {
  const actions = [
    { change: { kind: 'CANCEL' }, subscriptionId: 'a' },
    { change: { kind: 'CREATE_SUBSCRIPTION' }, subscriptionId: 'b' },
  ] as const;
  expect(fulfillmentOf({ actions, told: [] }).map(({ kind }) => kind)).toEqual(fulfillmentStepKinds);
  expect(fulfillmentOf({ actions: actions.slice(0, 1), told: [] }).map(({ kind }) => kind)).toEqual(
    fulfillmentStepKinds.slice(1),
  );
});
