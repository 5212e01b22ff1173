import {
  getNamedType,
  isInputObjectType,
  type FieldNode,
  type GraphQLField,
  type GraphQLInputType,
} from 'graphql';
import { sum, type Amount } from './amount.js';
import { mapReading, type ValueReader } from './argument-value.js';
import type { CostRules, FieldRule } from './cost-rules.js';

/** Deeper than any input that is sent in earnest. */
const deepest = 50;

/** What the arguments of a field cost: their own weights, and those of the input fields that are given in them. */
export function argumentsWeight(
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  rule: FieldRule | undefined,
  rules: CostRules,
  values: ValueReader,
): Amount {
  return sum(
    field.args.map(({ name, type }) => {
      const own = rule?.argumentWeights.get(name) ?? 0;
      if (own === 0 && !hasWeights(type, rules)) return 0;
      const given = node.arguments?.find((argument) => argument.name.value === name)?.value;
      if (given === undefined) return 0;
      const weight = mapReading(values.read(given), (value) => weightOf(own, type, value, rules));
      return typeof weight === 'function' ? weight : weight.known;
    }),
  );
}

/** A weight for each value that is given, entries of lists one by one, and what stands in it. */
function weightOf(own: number, type: GraphQLInputType, value: unknown, rules: CostRules, depth = 0): number {
  if (value === null || value === undefined || depth > deepest) return 0;
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
  const named = getNamedType(type);
  if (!isInputObjectType(named)) return own * entries.length;
  const weights = rules.inputs.get(named.name);
  const fields = Object.values(named.getFields());
  let total = own * entries.length;
  for (const entry of entries) {
    if (typeof entry !== 'object' || entry === null) continue;
    const given = entry as Readonly<Record<string, unknown>>;
    for (const field of fields) {
      if (!Object.hasOwn(given, field.name)) continue;
      total += weightOf(weights?.get(field.name) ?? 0, field.type, given[field.name], rules, depth + 1);
    }
  }
  return total;
}

/** Whether anything that can be given for a type has a weight. */
function hasWeights(type: GraphQLInputType, rules: CostRules, seen = new Set<string>()): boolean {
  const named = getNamedType(type);
  if (!isInputObjectType(named) || rules.inputs.size === 0 || seen.has(named.name)) return false;
  seen.add(named.name);
  return (
    rules.inputs.has(named.name) ||
    Object.values(named.getFields()).some((field) => hasWeights(field.type, rules, seen))
  );
}
