/** The text of a JSON value with the keys of every object in order, so that equal answers are equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([left], [right]) => (left < right ? -1 : 1)))
      : part,
  );
}

/** What of an answer all gateways must agree on: data and errors. `extensions` are each one's own. */
export function canonicalAnswer(json: string): string {
  const { data, errors } = JSON.parse(json) as { data?: unknown; errors?: unknown };
  return canonicalJson({ data, errors });
}
