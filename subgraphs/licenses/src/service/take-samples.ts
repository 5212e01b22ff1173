import { daysWith, isNext, withNext } from '../domain/seats/next-samples.js';
import { mergeSamples } from '../domain/seats/seat-record.js';
import type { CountedUsers, SeatSample } from '../domain/seats/seat-sample.js';
import type { UnitOfWork } from './ports.js';
import type { DeploymentSample, KnownOfSeats, KnownSeats } from './seat-ports.js';

/** What is known of deployments, with samples that have come in just now. */
export interface KnownWithSamples extends KnownOfSeats {
  /** By a deployment's id, samples that are written when the transaction ends: what else is read until then is without them. */
  readonly unwritten: ReadonlyMap<string, readonly CountedUsers[]>;
}

/**
 * Records samples, and gives what is known with them. Where each is the next of its instance, they are written together with all else
 * when the transaction ends. Others, which come late, again, or first of their instance, are written at once, and read with what was
 * recorded before.
 * @param samples by the id of their deployment, each without fault
 */
export async function takeSamples(
  { seats, clock }: UnitOfWork,
  deploymentIds: readonly string[],
  samples: ReadonlyMap<string, readonly SeatSample[]>,
): Promise<KnownWithSamples> {
  const before = await seats.known(deploymentIds);
  const next = new Map<string, readonly CountedUsers[]>();
  const others = new Map<string, readonly SeatSample[]>();
  for (const [id, own] of samples) {
    const known = before.seats.get(id);
    if (known !== undefined && own.every((sample) => isNext(sample, known))) next.set(id, mergeSamples(own));
    else others.set(id, own);
  }
  const at = await clock.now(null);
  seats.addNext(ofDeployments(next), at);
  if (others.size > 0) await seats.add(ofDeployments(others), at);
  const again = others.size === 0 ? before : await seats.known([...others.keys()]);
  const known = new Map([...before.seats, ...again.seats]);
  for (const [id, own] of next) {
    const one = known.get(id);
    if (one !== undefined) known.set(id, withSamples(one, own));
  }
  return { seats: known, products: again.products, unwritten: next };
}

function ofDeployments<Sample extends CountedUsers>(
  samples: ReadonlyMap<string, readonly Sample[]>,
): (Sample & Pick<DeploymentSample, 'deploymentId'>)[] {
  return [...samples].flatMap(([deploymentId, own]) => own.map((sample) => ({ ...sample, deploymentId })));
}

function withSamples(known: KnownSeats, samples: readonly CountedUsers[]): KnownSeats {
  const days = known.subscriptions.map(({ id, startsOn, endsOn }) => {
    const term = { start: startsOn, end: endsOn };
    return [id, daysWith(known.days.get(id) ?? [], term, samples)] as const;
  });
  return { ...known, ...withNext(known, samples), days: new Map(days) };
}
