import { ok } from '@fulfillment/kernel/domain/result';
import type { ChangeInput, ReadChange } from './action-setting.js';

/** Use and charges stop on the order's day; what was billed beyond it is given back. */
export const suspend: ReadChange<ChangeInput> = () => ok({ kind: 'SUSPEND' });
