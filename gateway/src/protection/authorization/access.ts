import type { ProtectedFields, Requirement } from '@fulfillment/schema/audience';

/** Null when the viewer may see the field of the object type, else what it requires. */
export type Judge = (typeName: string, fieldName: string) => Requirement | null;

/**
 * Judges fields for a viewer with these scopes. `@authenticated` asks for a verified token, which every request here
 * has. A policy refuses everybody: nothing decides about policies yet, so they fail closed.
 */
export function createJudge(rules: ProtectedFields, scopes: ReadonlySet<string>): Judge {
  return (typeName, fieldName) => {
    const requirement = rules.get(typeName)?.get(fieldName);
    if (requirement === undefined || isMet(requirement, scopes)) return null;
    return requirement;
  };
}

/** What a requirement asks for, in words. */
export function describeRequirement({ scopes, policies }: Requirement): string {
  if (policies.length > 0) return 'a policy that nobody fulfills';
  const alternatives = scopes.map((alternative) => alternative.join(' and '));
  return `the scope ${alternatives.join(', or ')}`;
}

function isMet({ scopes: alternatives, policies }: Requirement, scopes: ReadonlySet<string>): boolean {
  if (policies.length > 0) return false;
  return alternatives.length === 0 || alternatives.some((all) => all.every((scope) => scopes.has(scope)));
}
