import type { SelectionNode } from 'graphql';
import type { Variables } from './amount.js';
import type { ValueReader } from './argument-value.js';

/** Whether a selection is asked for at all, by its `@skip` and `@include`: known beforehand, or by the variables. */
export function conditionOf(
  { directives = [] }: SelectionNode,
  values: ValueReader,
): boolean | ((variables: Variables) => boolean) {
  const open: ((variables: Variables) => boolean)[] = [];
  for (const { name, arguments: given = [] } of directives) {
    const [condition] = given;
    if (condition === undefined || (name.value !== 'skip' && name.value !== 'include')) continue;
    const wanted = name.value === 'include';
    const reading = values.read(condition.value);
    if (typeof reading === 'function') open.push((variables) => (reading(variables) === true) === wanted);
    else if ((reading.known === true) !== wanted) return false;
  }
  return open.length === 0 ? true : (variables) => open.every((holds) => holds(variables));
}
