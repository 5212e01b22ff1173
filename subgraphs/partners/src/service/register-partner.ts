import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { partnerGrants } from '../domain/grants.js';
import type { Distributor, Partner, Reseller } from '../domain/partner.js';
import { refuseAgreements } from '../domain/partner-agreement.js';
import type { RefusalCode } from './refusals.js';
import type { PartnersUnitOfWork } from './unit-of-work.js';

/** A new partner with its agreements; whoever asks chooses the ids. */
export type NewPartner = Omit<Distributor, 'version'> | Omit<Reseller, 'version'>;

/** Registers a partner, tells the other services of it, and grants what follows from it. */
export async function registerPartner(
  work: Pick<PartnersUnitOfWork, 'partners' | 'grants'>,
  input: NewPartner,
): Promise<Result<Partner, RefusalCode>> {
  const refusal = refuseAgreements(input.agreements) ?? (await refuseDistributor(work, input.distributorId));
  if (refusal) return err(refusal);
  const partner: Partner = { ...input, version: 1 };
  await work.partners.add(partner);
  await work.grants.give(partnerGrants(partner), partner.registeredAt);
  return ok(partner);
}

async function refuseDistributor(
  { partners }: Pick<PartnersUnitOfWork, 'partners'>,
  distributorId: string | null,
): Promise<RefusalCode | null> {
  if (distributorId === null) return null;
  const distributor = await partners.find(distributorId);
  if (!distributor) return 'DISTRIBUTOR_UNKNOWN';
  return distributor.kind === 'DISTRIBUTOR' ? null : 'NOT_A_DISTRIBUTOR';
}
