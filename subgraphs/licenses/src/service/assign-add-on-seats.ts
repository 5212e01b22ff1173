import { personOf } from '@fulfillment/kernel/domain/viewer';
import { deploymentId, type DeploymentKind } from '@fulfillment/kernel/domain/ids';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import type { Deployment } from '../domain/deployment.js';
import { computeEntitlements } from '../domain/entitlements/compute.js';
import { refusal, type Refusal } from '../domain/refusal.js';
import {
  type AddOnPool,
  assign,
  changedUsers,
  isPerUser,
  type SeatOutcome,
  unassign,
} from '../domain/seats/add-on-seats.js';
import { textRefusal } from '../domain/text.js';
import type { AddOnOf } from './add-on-seat-ports.js';
import { callOnce, type Asking, type Keyed } from './call-once.js';
import type { RunTransaction, UnitOfWork } from './ports.js';

export interface AddOnSeatsRequest extends Keyed {
  readonly deploymentKind: DeploymentKind;
  readonly externalId: string;
  readonly productCode: string;
  readonly userIds: readonly string[];
}

/** What became of one user, in plain JSON. Who that is, the request says: an id that cannot be stored is in no answer that is kept. */
export interface UserOutcome {
  readonly changed: boolean;
  readonly refusal: Refusal | null;
}

/** What became of all of them, in their order, and how the seats stand now. */
export interface AddOnSeatsOutcome {
  readonly deploymentId: string;
  readonly productCode: string;
  readonly pool: AddOnPool;
  readonly users: readonly UserOutcome[];
}

const mostUsers = 1_000;

/**
 * Gives users a seat of an add-on, as long as there are any: who comes first has it. The seats are locked meanwhile, so that two
 * who ask for the last one cannot both get it.
 */
export function assignAddOnSeats(
  run: RunTransaction,
  asking: Asking,
  request: AddOnSeatsRequest,
): Promise<Result<AddOnSeatsOutcome, Refusal>> {
  return callOnce(run, asking, 'assignAddOnSeats', request, (unit) =>
    changeSeats(unit, asking, request, 'ASSIGNED'),
  );
}

/** Takes the seats of users back. It can always be done, also of an add-on that has ended. */
export function unassignAddOnSeats(
  run: RunTransaction,
  asking: Asking,
  request: AddOnSeatsRequest,
): Promise<Result<AddOnSeatsOutcome, Refusal>> {
  return callOnce(run, asking, 'unassignAddOnSeats', request, (unit) =>
    changeSeats(unit, asking, request, 'UNASSIGNED'),
  );
}

async function changeSeats(
  unit: UnitOfWork,
  asking: Asking,
  request: AddOnSeatsRequest,
  kind: 'ASSIGNED' | 'UNASSIGNED',
): Promise<Result<AddOnSeatsOutcome, Refusal>> {
  const { productCode, userIds } = request;
  if (userIds.length < 1 || userIds.length > mostUsers) {
    return err(refusal('INVALID_VALUE', ['userIds'], `\`userIds\` must have 1 to ${mostUsers} entries.`));
  }
  const codeRefusal = textRefusal(productCode, 'productCode');
  if (codeRefusal !== null) return err(codeRefusal);
  const deployment = await findDeployment(unit, asking, request);
  if (deployment === null) return err(refusal('DEPLOYMENT_NOT_FOUND', ['externalId']));
  const addOn = { deploymentId: deployment.id, productCode };
  const purchased = await purchasedOf(unit, asking, deployment, productCode);
  if (purchased === null && kind === 'ASSIGNED') return err(refusal('ADD_ON_NOT_FOUND', ['productCode']));
  const faults = userIds.map((userId) => textRefusal(userId, 'userId'));
  const sound = userIds.filter((_, index) => faults[index] === null);
  const { addOnSeats: seats } = unit;
  const assigned = purchased === null ? await seats.holdAssigned(addOn) : await seats.hold(addOn);
  const holders = await seats.holders(addOn, sound);
  const pool = { purchased: purchased ?? 0, assigned };
  const outcomes = kind === 'ASSIGNED' ? assign(pool, holders, sound) : unassign(holders, sound);
  const now = await keep(unit, asking, addOn, kind, outcomes, deployment);
  return ok({
    ...addOn,
    pool: { ...pool, assigned: now ?? assigned },
    users: outcomesOf(userIds, faults, outcomes),
  });
}

async function findDeployment(
  unit: UnitOfWork,
  { viewer, receivedAt }: Asking,
  { deploymentKind, externalId }: AddOnSeatsRequest,
): Promise<Deployment | null> {
  const id = deploymentId(deploymentKind, externalId);
  const [deployment] = await unit.readerFor(viewer, receivedAt).ownDeployments([id]);
  return deployment ?? null;
}

/** The seats of an add-on in force; null when it is not, or has no seats of named users. */
async function purchasedOf(
  unit: UnitOfWork,
  { viewer, receivedAt }: Asking,
  { id, accountId }: Deployment,
  productCode: string,
): Promise<number | null> {
  const [known] = await unit.readerFor(viewer, receivedAt).deploymentFacts([id]);
  const product = known?.facts.products.get(productCode);
  if (known === undefined || product === undefined || !isPerUser(product)) return null;
  const { addOns } = computeEntitlements(known.facts, await unit.clock.now(accountId));
  return addOns.find((addOn) => addOn.productCode === productCode)?.quantity ?? null;
}

/** Writes and tells what changed; gives how many seats are assigned then, null when nothing changed. */
async function keep(
  unit: UnitOfWork,
  { viewer }: Asking,
  addOn: AddOnOf,
  kind: 'ASSIGNED' | 'UNASSIGNED',
  outcomes: readonly SeatOutcome[],
  { accountId }: Deployment,
): Promise<number | null> {
  const userIds = changedUsers(outcomes);
  if (userIds.length === 0) return null;
  const at = await unit.clock.now(accountId);
  const by = personOf(viewer);
  const { assigned, version } = await unit.addOnSeats.change({ ...addOn, kind, userIds, at, by });
  await unit.announcements.addOnSeats({ ...addOn, accountId, assigned }, version, at);
  return assigned;
}

function outcomesOf(
  userIds: readonly string[],
  faults: readonly (Refusal | null)[],
  outcomes: readonly SeatOutcome[],
): UserOutcome[] {
  let next = 0;
  return userIds.map((_, index) => {
    const path = ['userIds', String(index)];
    const fault = faults[index] ?? null;
    if (fault !== null) return { changed: false, refusal: { ...fault, field: path } };
    const outcome = outcomes[next++];
    if (outcome === undefined) throw new Error('Every user has an outcome');
    return outcome.ok
      ? { changed: outcome.changed, refusal: null }
      : { changed: false, refusal: refusal(outcome.reason, path) };
  });
}
