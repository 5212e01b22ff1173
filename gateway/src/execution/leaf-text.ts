import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  GraphQLString,
  isEnumType,
  type GraphQLLeafType,
} from 'graphql';

/** The JSON text of a value that is not null; undefined when the type has no such value. */
export type LeafText = (value: unknown) => string | undefined;

/**
 * How values of a leaf type are written: those of the built-in scalars as graphql-js completes them, those of an enum
 * when the schema has them, those of other scalars as they came.
 */
export function leafTextOf(type: GraphQLLeafType): LeafText {
  if (isEnumType(type)) {
    const texts = new Map<unknown, string>(type.getValues().map(({ name }) => [name, `"${name}"`]));
    return (value) => texts.get(value);
  }
  switch (type.name) {
    case GraphQLString.name:
      return (value) => (typeof value === 'string' ? quoted(value) : serialized(GraphQLString, value));
    case GraphQLID.name:
      return (value) => (typeof value === 'string' ? quoted(value) : serialized(GraphQLID, value));
    case GraphQLBoolean.name:
      return (value) => (typeof value === 'boolean' ? String(value) : serialized(GraphQLBoolean, value));
    case GraphQLInt.name:
      return (value) => serialized(GraphQLInt, value);
    case GraphQLFloat.name:
      return (value) => serialized(GraphQLFloat, value);
    default:
      return (value) => (typeof value === 'string' ? quoted(value) : JSON.stringify(value));
  }
}

function serialized(type: { serialize(value: unknown): unknown }, value: unknown): string | undefined {
  try {
    return JSON.stringify(type.serialize(value));
  } catch {
    return undefined;
  }
}

/** The longest text that is looked at letter by letter, which for short ones is faster than `JSON.stringify`. */
const shortText = 48;

/** A text as JSON. */
export function quoted(text: string): string {
  if (text.length > shortText) return JSON.stringify(text);
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const isPlain = code > 0x1f && code !== 0x22 && code !== 0x5c && (code < 0xd800 || code > 0xdfff);
    if (!isPlain) return JSON.stringify(text);
  }
  return `"${text}"`;
}
