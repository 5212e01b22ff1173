import { GraphQLError, isScalarType, Kind, type GraphQLScalarType, type GraphQLSchema } from 'graphql';

/**
 * The forms of our scalars (`schema/shared.graphql`). A composed schema knows their names alone, so that a wrong value
 * would travel to a service and come back as the failure of everything that was asked together with it.
 */
const forms: Readonly<
  Record<string, { readonly accepts: (text: string) => boolean; readonly form: string }>
> = {
  DateTime: {
    accepts: (text) =>
      /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) &&
      isDay(text.slice(0, 10)) &&
      !Number.isNaN(Date.parse(text)),
    form: 'a point in time, ISO 8601 with a zone, for example 2026-11-23T09:30:00Z',
  },
  LocalDate: {
    accepts: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && isDay(text),
    form: 'a calendar day that exists, for example 2026-11-23',
  },
  Decimal: {
    accepts: (text) => /^-?\d{1,30}(\.\d{1,18})?$/.test(text),
    form: 'an exact decimal number as a string, for example "29.00"',
  },
  CurrencyCode: {
    accepts: (text) => /^[A-Z]{3}$/.test(text),
    form: 'an ISO 4217 currency code, for example USD',
  },
};

/** Has a schema check the values that clients give for our scalars, as literals and as variables. Changes the schema. */
export function checkScalarInputs(schema: GraphQLSchema): void {
  for (const [name, { accepts, form }] of Object.entries(forms)) {
    const type = schema.getType(name);
    if (!isScalarType(type)) continue;
    const check = (value: unknown): string => {
      if (typeof value === 'string' && accepts(value)) return value;
      throw new GraphQLError(`${name} must be ${form}.`);
    };
    const scalar: GraphQLScalarType = type;
    scalar.parseValue = check;
    scalar.parseLiteral = (node) => check(node.kind === Kind.STRING ? node.value : undefined);
  }
}

/** True for a day of the calendar: 30 February is none, and neither is any day of a year 0. */
function isDay(text: string): boolean {
  const instant = new Date(`${text}T00:00:00Z`);
  return text > '0001' && !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}
