import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { isLocalDate } from '../../domain/calendar.js';

/** Resolvers of the scalars of `schema/shared.graphql`, the same in every service. */
export const scalarResolvers = {
  DateTime: dateTimeScalar(),
  LocalDate: textScalar('LocalDate', isLocalDate, 'a calendar day that exists, for example 2026-11-23'),
  Decimal: textScalar(
    'Decimal',
    (text) => /^-?\d{1,30}(\.\d{1,18})?$/.test(text),
    'an exact decimal number as a string, for example "29.00"',
  ),
  // A code of the right form that no currency has is a matter of the business: each mutation says it in its own words.
  CurrencyCode: textScalar(
    'CurrencyCode',
    (text) => /^[A-Z]{3}$/.test(text),
    'an ISO 4217 currency code, for example USD',
  ),
};

/** Instants of the years 1 to 9999 in UTC: an offset may lead out of these, and beyond them no text of a fixed length says when. */
function dateTimeScalar(): GraphQLScalarType<Date, string> {
  const within = (instant: Date): Date => {
    const year = instant.getUTCFullYear();
    if (year >= 1 && year <= 9999) return instant;
    throw new GraphQLError('DateTime must lie in the years 1 to 9999 (UTC).', {
      extensions: { code: 'BAD_USER_INPUT' },
    });
  };
  const { parseValue, parseLiteral, ...given } = GraphQLDateTimeISO.toConfig();
  return new GraphQLScalarType<Date, string>({
    ...given,
    parseValue: (value) => within(parseValue(value)),
    parseLiteral: (node, variables) => within(parseLiteral(node, variables)),
  });
}

/** A scalar whose values are strings of one form, inside and outside alike. */
function textScalar(
  name: string,
  accepts: (text: string) => boolean,
  form: string,
): GraphQLScalarType<string, string> {
  const check = (value: unknown): string => {
    if (typeof value === 'string' && accepts(value)) return value;
    throw new GraphQLError(`${name} must be ${form}.`, { extensions: { code: 'BAD_USER_INPUT' } });
  };
  return new GraphQLScalarType<string, string>({
    name,
    serialize: check,
    parseValue: check,
    parseLiteral: (node) => check(node.kind === Kind.STRING ? node.value : undefined),
  });
}
