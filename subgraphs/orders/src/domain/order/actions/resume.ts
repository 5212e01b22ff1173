import { ok } from '@fulfillment/kernel/domain/result';
import type { ChangeInput, ReadChange } from './action-setting.js';

/** Use and charges go on from the order's day. */
export const resume: ReadChange<ChangeInput> = () => ok({ kind: 'RESUME' });
