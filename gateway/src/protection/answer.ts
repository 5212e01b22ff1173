import type { GraphQLError } from 'graphql';

/** A plan may ask a service several times; that it is down is said once. */
export function onceForEachService(errors: readonly GraphQLError[]): readonly GraphQLError[] {
  const told = new Set<string>();
  return errors.filter(({ extensions, path }) => {
    if (path !== undefined || extensions['service'] === undefined) return true;
    const failure = JSON.stringify([extensions['code'], extensions['service']]);
    if (told.has(failure)) return false;
    told.add(failure);
    return true;
  });
}
