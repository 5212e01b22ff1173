import { personOf } from '@fulfillment/kernel/domain/viewer';
import { isUuid } from '@fulfillment/kernel/domain/ids';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import {
  expiryOfCode,
  hasInstances,
  mostDaysOfCode,
  stateOfCode,
  type CodeEnd,
} from '../../domain/activation/activation-code.js';
import { codeHint } from '../../domain/activation/code-text.js';
import type { Deployment } from '../../domain/deployment.js';
import type { License } from '../../domain/license.js';
import { refusal, type Refusal } from '../../domain/refusal.js';
import { callOnce, type Asking, type Keyed } from '../call-once.js';
import type { RunTransaction, UnitOfWork } from '../ports.js';
import type { Secret, SecretMaker } from './ports.js';

export interface CreateActivationCodeRequest extends Keyed {
  readonly deploymentId: string;
  readonly validForDays: number | null;
}

/** A code that was made. `text` is null when it can not be told any more: the ring that made it is another one now. */
export interface CreatedCode {
  readonly id: string;
  readonly text: string | null;
}

/** Makes a code for a deployment in place of the open one. A retry is told the same text, which is kept nowhere. */
export async function createActivationCode(
  run: RunTransaction,
  secrets: SecretMaker,
  asking: Asking,
  request: CreateActivationCodeRequest,
): Promise<Result<CreatedCode, Refusal>> {
  const made = await callOnce<{ id: string; hash: string }>(
    run,
    asking,
    'createActivationCode',
    request,
    async (unit) => {
      const { deploymentId, validForDays } = request;
      if (validForDays !== null && (validForDays < 1 || validForDays > mostDaysOfCode)) {
        const message = `\`validForDays\` must be from 1 to ${mostDaysOfCode}; leave it out for a year.`;
        return err(refusal('INVALID_VALUE', ['validForDays'], message));
      }
      const deployment = isUuid(deploymentId)
        ? await unit.activations.deployment(deploymentId, asking)
        : null;
      if (deployment === null) return err(refusal('DEPLOYMENT_NOT_FOUND', ['deploymentId']));
      if (!hasInstances(deployment.kind))
        return err(refusal('DEPLOYMENT_HAS_NO_INSTANCES', ['deploymentId']));
      const createdBy = personOf(asking.viewer);
      return ok(
        await makeCode(unit, secrets, deployment, {
          createdBy,
          licenseId: null,
          ...(validForDays === null ? {} : { validForDays }),
        }),
      );
    },
  );
  if (!made.ok) return made;
  const { id, hash } = made.value;
  return ok({ id, text: await textOf(secrets, { id, hash }) });
}

/** The text of a code, as long as the ring still makes the text that the code was made with. */
export async function textOf(
  secrets: SecretMaker,
  { id, hash }: { readonly id: string; readonly hash: string },
): Promise<string | null> {
  const { text } = await secrets.codeOf(id);
  return secrets.matches(text, hash) ? text : null;
}

/**
 * What becomes of a deployment's code when a license is issued: with the first one of a deployment that has instances a code
 * is made, which is sent along with it. When the deployment went to another account, its former one's code opens nothing any more,
 * and the new one gets its own.
 */
export async function giveCodeWith(
  unit: UnitOfWork,
  secrets: SecretMaker,
  license: License,
  { deployment, hasMoved }: { readonly deployment: Deployment; readonly hasMoved: boolean },
): Promise<void> {
  if (!hasInstances(deployment.kind)) return;
  if (!hasMoved && (await unit.activations.hadCode(deployment.id))) return;
  const ends = hasMoved ? 'MOVED' : 'REPLACED';
  await makeCode(unit, secrets, deployment, { createdBy: 'licenses', licenseId: license.id, ends });
}

interface NewCode {
  readonly createdBy: string;
  readonly licenseId: string | null;
  readonly validForDays?: number;
  /** What becomes of the open code. */
  readonly ends?: CodeEnd;
}

async function makeCode(
  { activations, clock, newId }: UnitOfWork,
  secrets: SecretMaker,
  { id: deploymentId, accountId }: Deployment,
  { createdBy, licenseId, validForDays, ends = 'REPLACED' }: NewCode,
): Promise<{ id: string; hash: string }> {
  const now = await clock.now(accountId);
  const open = await activations.openCode(deploymentId);
  if (open !== null) await activations.endCode(open.id, now, ends);
  const id = newId();
  const { text, hash }: Secret = await secrets.codeOf(id);
  const expiresAt = expiryOfCode(now, validForDays);
  const made = { id, deploymentId, hash, hint: codeHint(text), createdAt: now, expiresAt };
  await activations.addCode({ ...made, licenseId, createdBy, ended: null });
  return { id, hash };
}

export interface RevokeActivationCodeRequest extends Keyed {
  readonly id: string;
}

/** Ends a code; one that has expired too. The outcome is its id. */
export function revokeActivationCode(
  run: RunTransaction,
  asking: Asking,
  request: RevokeActivationCodeRequest,
): Promise<Result<string, Refusal>> {
  return callOnce(run, asking, 'revokeActivationCode', request, async ({ activations, clock }) => {
    const code = isUuid(request.id) ? await activations.codeById(request.id, asking) : null;
    if (code === null) return err(refusal('ACTIVATION_CODE_NOT_FOUND', ['id']));
    const now = await clock.now(code.deployment.accountId);
    if (code.ended !== null) {
      const message = `The activation code is ${stateOfCode(code, now)} already.`;
      return err(refusal('ACTIVATION_CODE_REVOKED', ['id'], message));
    }
    await activations.endCode(code.id, now, 'REVOKED');
    return ok(code.id);
  });
}
