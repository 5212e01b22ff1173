import { gatewayError } from '../errors.js';
import type { Params } from './asked-operation.js';

/** How many levels of objects and lists `variables` and `extensions` may have. */
export const deepestValue = 100;

/**
 * Refuses values that nest more deeply than anything a schema asks for: what works on them level by level (JSON itself does)
 * would run out of stack. Throws `BAD_USER_INPUT`.
 *
 * @param params of a GET the two are JSON texts; one that is no JSON is left to be told of later
 */
export function assertShallow(params: Params): void {
  for (const name of ['variables', 'extensions']) {
    const sent = params[name];
    const value: unknown = typeof sent === 'string' ? parsed(sent) : sent;
    if (!isDeeper(value, deepestValue)) continue;
    const message = `\`${name}\` has more than ${deepestValue} levels of objects and lists: send flatter values.`;
    throw gatewayError('BAD_USER_INPUT', message);
  }
}

/** Level by level, and without recursion. */
function isDeeper(value: unknown, levels: number): boolean {
  if (!isNested(value)) return false;
  let level: readonly object[] = [value];
  for (let depth = 1; depth <= levels; depth += 1) {
    const next: object[] = [];
    for (const each of level) {
      for (const item of Object.values(each)) if (isNested(item)) next.push(item);
    }
    if (next.length === 0) return false;
    level = next;
  }
  return true;
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
