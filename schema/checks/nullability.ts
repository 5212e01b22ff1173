import { Kind, type FieldDefinitionNode, type TypeNode } from 'graphql';
import { namedType } from '../audience/model.js';
import { findOwners, type Owners } from './ownership.js';
import type { Problem } from './problem.js';
import {
  hasDirective,
  hasResolvableKey,
  keyFields,
  readServices,
  resolvedFields,
  type CompositeNode,
  type ServiceModel,
} from './service-model.js';

const ROOTS = new Set(['Query', 'Mutation', 'Subscription']);
const SECURITY = ['authenticated', 'requiresScopes', 'policy'];

/**
 * A service that is down, or a row that the viewer may not see, costs its own fields and nothing else. So these may
 * be null: root fields; fields whose type another service owns, in a list each entry too; fields that a service adds
 * to another's type, unless they only come with its own references; the owner's own fields, keys aside, of a type that another service's root field leads to (else the
 * owner being down would empty that root); fields that need a token, a scope or a policy, by themselves or by their type.
 */
export function checkNullability(subgraphs: Readonly<Record<string, string>>): Problem[] {
  const services = readServices(subgraphs);
  const owners = findOwners(services);
  const facts: Facts = {
    owners,
    protectedTypes: findProtectedTypes(services),
    entries: findEntries(services, owners),
  };
  return services.flatMap((service) =>
    service.composites.flatMap((type) =>
      resolvedFields(type).flatMap((field) =>
        reasons(service, type, field, facts).map((message) => ({
          at: `${service.name}: ${type.name.value}.${field.name.value}`,
          message,
        })),
      ),
    ),
  );
}

interface Facts {
  readonly owners: Owners;
  readonly protectedTypes: ReadonlySet<string>;
  readonly entries: ReadonlySet<string>;
}

/** Types that a root field of a service other than their owner returns. */
function findEntries(services: readonly ServiceModel[], owners: Owners): ReadonlySet<string> {
  return new Set(
    services.flatMap((service) =>
      service.composites
        .filter((type) => ROOTS.has(type.name.value))
        .flatMap((root) => resolvedFields(root).map((field) => namedType(field.type)))
        .filter((name) => owners.has(name) && owners.get(name) !== service.name),
    ),
  );
}

function findProtectedTypes(services: readonly ServiceModel[]): ReadonlySet<string> {
  return new Set(
    services.flatMap(({ types }) =>
      types.filter((node) => hasDirective(node, ...SECURITY)).map(({ name }) => name.value),
    ),
  );
}

function reasons(
  service: ServiceModel,
  type: CompositeNode,
  field: FieldDefinitionNode,
  facts: Facts,
): string[] {
  const found: string[] = [];
  const returned = namedType(field.type);
  const foreign = [returned, ...possibleTypes(service, returned)].find((name) =>
    isForeign(service, name, facts),
  );
  if (foreign !== undefined && !isNullableThroughout(field.type)) {
    const what = isList(field.type) ? 'it and its entries' : 'it';
    found.push(`its type ${foreign} is owned by ${facts.owners.get(foreign)}: ${what} must be nullable`);
  }
  if (field.type.kind !== Kind.NON_NULL_TYPE) return found;
  if (ROOTS.has(type.name.value)) {
    found.push('it is a root field: it must be nullable');
  }
  const added = isForeign(service, type.name.value, facts) && !keyFields(type).has(field.name.value);
  if (added && !comesWithReference(type, field)) {
    found.push(
      `${service.name} adds it to a type that ${facts.owners.get(type.name.value)} owns: it must be nullable`,
    );
  }
  const ownsEntry = facts.entries.has(type.name.value) && !isForeign(service, type.name.value, facts);
  if (ownsEntry && !keyFields(type).has(field.name.value)) {
    found.push('a root field of another service leads to its type: it must be nullable');
  }
  if (hasDirective(field, ...SECURITY) || facts.protectedTypes.has(returned)) {
    found.push('it needs a token, a scope or a policy: it must be nullable');
  }
  return found;
}

/** True where nobody comes to the service for the field alone: it shares the owner's fact, with the references that it makes itself. */
function comesWithReference(type: CompositeNode, field: FieldDefinitionNode): boolean {
  return hasDirective(field, 'shareable') && hasDirective(type, 'key') && !hasResolvableKey(type);
}

function isForeign(service: ServiceModel, type: string, { owners }: Facts): boolean {
  const owner = owners.get(type);
  return owner !== undefined && owner !== service.name;
}

/** The members of a union, or the types that implement an interface, as the service declares them. */
function possibleTypes(service: ServiceModel, name: string): string[] {
  return service.types.flatMap((node) => {
    if (node.kind === Kind.UNION_TYPE_DEFINITION && node.name.value === name) {
      return (node.types ?? []).map((member) => member.name.value);
    }
    const implemented = node.kind === Kind.OBJECT_TYPE_DEFINITION ? (node.interfaces ?? []) : [];
    return implemented.some((type) => type.name.value === name) ? [node.name.value] : [];
  });
}

function isList(type: TypeNode): boolean {
  return type.kind === Kind.LIST_TYPE || (type.kind === Kind.NON_NULL_TYPE && isList(type.type));
}

function isNullableThroughout(type: TypeNode): boolean {
  if (type.kind === Kind.NON_NULL_TYPE) return false;
  return type.kind === Kind.NAMED_TYPE || isNullableThroughout(type.type);
}
