import {
  hasDirective,
  hasResolvableKey,
  keyFields,
  resolvedFields,
  type CompositeNode,
  type ServiceModel,
} from './service-model.js';

/** The service that owns an object type or interface, by its name. Shared types (`@shareable`) and roots have none. */
export type Owners = ReadonlyMap<string, string>;

const ROOTS = new Set(['Query', 'Mutation', 'Subscription']);

interface Claim {
  readonly service: string;
  readonly resolvable: boolean;
  /** How many fields besides the keys the service resolves. */
  readonly fields: number;
}

/**
 * Who owns each object type and interface.
 *
 * Of the services that declare a type, the one owns it that can resolve its key and resolves the most fields of it;
 * every other one holds a reference (`resolvable: false`) or adds to it.
 */
export function findOwners(services: readonly ServiceModel[]): Owners {
  const claims = new Map<string, Claim[]>();
  for (const service of services) {
    for (const node of service.composites) {
      const name = node.name.value;
      if (ROOTS.has(name) || hasDirective(node, 'shareable')) continue;
      claims.set(name, [...(claims.get(name) ?? []), claimOf(service.name, node)]);
    }
  }
  return new Map([...claims].map(([name, all]) => [name, strongest(all).service]));
}

function claimOf(service: string, node: CompositeNode): Claim {
  const keys = keyFields(node);
  return {
    service,
    resolvable: hasResolvableKey(node),
    fields: resolvedFields(node).filter(({ name }) => !keys.has(name.value)).length,
  };
}

function strongest(claims: readonly Claim[]): Claim {
  return claims.reduce((best, claim) => {
    if (claim.resolvable !== best.resolvable) return claim.resolvable ? claim : best;
    return claim.fields > best.fields ? claim : best;
  });
}
