import type { FieldNode, GraphQLField } from 'graphql';
import { gatewayError } from '../../errors.js';
import type { Amount, Variables } from './amount.js';
import type { Reading, ValueReader } from './argument-value.js';
import type { ListSize } from './cost-rules.js';

/** Beyond this no length makes a difference: it is far over every limit, and sums of it stay exact. */
const longest = 1_000_000;

/**
 * How long a list gets, by its `@listSize`: the largest slicing argument that is given, else the assumed size.
 *
 * The amount throws `BAD_USER_INPUT` where exactly one slicing argument is required and not given.
 */
export function listLength(
  listSize: ListSize,
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  values: ValueReader,
  otherwise: number,
): Amount {
  const assumed = listSize.assumedSize ?? otherwise;
  if (listSize.slicingArguments.length === 0) return assumed;
  const readings = listSize.slicingArguments.map((path) => readPath(path, node, field, values));
  const length = (variables: Variables) => {
    const given = readings.map((read) => lengthOf(read(variables))).filter((value) => value !== undefined);
    if (listSize.requireOneSlicingArgument && given.length !== 1) throw needsOne(listSize, field.name);
    return given.length === 0 ? assumed : Math.max(...given);
  };
  return readings.every((read) => read.known) && !listSize.requireOneSlicingArgument ? length({}) : length;
}

interface PathReader {
  (variables: Variables): unknown;
  readonly known: boolean;
}

/** `first`, or `input.first` for a field of an input object. */
function readPath(
  path: string,
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  values: ValueReader,
): PathReader {
  const [name = '', ...below] = path.split('.');
  const reading: Reading = values.readArgument(
    node.arguments?.find((argument) => argument.name.value === name)?.value,
    field.args.find((argument) => argument.name === name),
  );
  const read = (variables: Variables) =>
    below.reduce<unknown>(
      (value, key) => (isRecord(value) ? value[key] : undefined),
      typeof reading === 'function' ? reading(variables) : reading.known,
    );
  return Object.assign(read, { known: typeof reading !== 'function' });
}

function lengthOf(value: unknown): number | undefined {
  if (typeof value !== 'number' || Number.isNaN(value)) return undefined;
  return Math.min(longest, Math.max(0, value));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function needsOne({ slicingArguments }: ListSize, field: string) {
  return gatewayError('BAD_USER_INPUT', `Give exactly one of ${slicingArguments.join(', ')} to ${field}.`);
}
