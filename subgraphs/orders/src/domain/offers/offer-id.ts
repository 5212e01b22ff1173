import { isUuid } from '@fulfillment/kernel/domain/ids';

/** What an offer's id says: nothing that its holder does not know, and nothing is stored for an offer to have one. */
export interface OfferReference {
  readonly deploymentId: string;
  readonly ruleCode: string;
  /** What is offered: the code of a product, or with a feature its key too. */
  readonly subject: string;
  /** Where it was shown; null when it was asked for without a placement. */
  readonly placement: string | null;
}

/** Names of rules, placements and subjects: what may stand in an id. */
export const offerName = /^[A-Z][A-Z0-9_]{0,63}$/;
const subjectForm = /^[A-Za-z0-9_:.-]{1,200}$/;
const longestId = 1_000;

/** The same offer at the same place always has the same id. */
export function offerId({ deploymentId, ruleCode, subject, placement }: OfferReference): string {
  const text = JSON.stringify([deploymentId, ruleCode, subject, placement]);
  return Buffer.from(text, 'utf8').toString('base64url');
}

/** What an id says; null when it was not made by `offerId`. Whether its deployment may be seen is asked elsewhere. */
export function readOfferId(id: string): OfferReference | null {
  if (id.length > longestId) return null;
  const parts = readJson(Buffer.from(id, 'base64url').toString('utf8'));
  if (!Array.isArray(parts) || parts.length !== 4) return null;
  const [deploymentId, ruleCode, subject, placement] = parts as unknown[];
  if (typeof deploymentId !== 'string' || !isUuid(deploymentId)) return null;
  if (typeof ruleCode !== 'string' || !offerName.test(ruleCode)) return null;
  if (typeof subject !== 'string' || !subjectForm.test(subject)) return null;
  if (placement !== null && (typeof placement !== 'string' || !offerName.test(placement))) return null;
  const reference = { deploymentId, ruleCode, subject, placement };
  return offerId(reference) === id ? reference : null;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
