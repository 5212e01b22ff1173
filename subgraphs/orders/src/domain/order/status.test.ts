import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type FulfillmentStep,
  fulfillmentStepKinds,
  isStepDone,
  type OrderStatus,
  pendingSteps,
  recordStep,
  refusalReasonOf,
  statusAfter,
} from './status.js';

const at = new Date('2026-11-23T09:00:00Z');
type Told = Pick<FulfillmentStep, 'kind' | 'status'>;

function step({ kind, status }: Told): FulfillmentStep {
  const reason = status === 'REFUSED' ? `${kind} not possible` : null;
  return { kind, status, at: status === 'PENDING' ? null : at, reason };
}

/** What an order comes to when steps are told one after the other. */
function follow(told: readonly Told[]): { status: OrderStatus; steps: FulfillmentStep[] } {
  let status: OrderStatus = 'PLACED';
  let steps = pendingSteps();
  for (const next of told) {
    steps = recordStep(steps, step(next));
    status = statusAfter(status, steps);
  }
  return { status, steps };
}

const allDone = fulfillmentStepKinds.map((kind) => ({ kind, status: 'DONE' }) as const);
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
      kind: fc.constantFrom(...fulfillmentStepKinds),
      status: fc.constantFrom('DONE', 'REFUSED'),
    }) as fc.Arbitrary<Told>;
    fc.assert(
      fc.property(fc.array(toldStep), fc.array(toldStep), (first, then) => {
        const before = follow(first);
        if (before.status !== 'PLACED') expect(follow([...first, ...then]).status).toBe(before.status);
        expect(before.status === 'FULFILLED').toBe(before.steps.every(({ status }) => status === 'DONE'));
        expect(before.status === 'REFUSED').toBe(refusalReasonOf(before.steps) !== null);
      }),
    );
  });
});

test('a refusal gives its reason, or says which step it was', () => {
  const { steps } = follow([refused]);
  expect(refusalReasonOf(steps)).toBe('SUBSCRIPTION_CREATED not possible');
  expect(refusalReasonOf(steps.map((each) => ({ ...each, reason: null })))).toBe(
    'SUBSCRIPTION_CREATED was refused.',
  );
  expect(refusalReasonOf(pendingSteps())).toBeNull();
  expect(isStepDone(steps, 'SUBSCRIPTION_CREATED')).toBe(false);
});
