import { Kind, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import type { DataRewrite, FetchNode, PlanSelection } from '../query-plan.js';
import { argumentValues, fieldOf } from './argument-values.js';
import { areKnownOf, common, KnownData, overlap, type KnownField, type Place } from './known-data.js';
import type { SupergraphFacts, TypeNames } from './supergraph-facts.js';

/** Why what a fetch sends of its entities does not serve it; undefined when it does. */
export function representationProblem(
  facts: SupergraphFacts,
  fetch: FetchNode,
  operation: OperationDefinitionNode,
  place: Place,
): string | undefined {
  const representation = new Representation(facts, fetch.inputRewrites ?? []);
  const sent = new KnownData();
  const problem = representation.project(fetch.requires ?? [], place.types, [place.data], sent, []);
  if (problem !== undefined) return `${fetch.serviceName} is sent what nothing brought: ${problem}`;
  for (const { typeName, types } of representation.sentTypes) {
    const isResolved = [typeName, ...interfacesOf(facts, typeName)].some((name) =>
      facts.keysOf(fetch.serviceName, name).some((key) => representation.holds(key, types, [sent])),
    );
    if (!isResolved) return `${fetch.serviceName} does not resolve ${typeName} by what it is sent`;
  }
  return unmetRequirement(facts, fetch.serviceName, entitiesOf(operation), place.types, representation, sent);
}

/** A field that is asked for although what it requires is not sent. */
function unmetRequirement(
  facts: SupergraphFacts,
  service: string,
  asked: SelectionSetNode,
  types: TypeNames,
  representation: Representation,
  sent: KnownData,
  typeName = '',
): string | undefined {
  for (const selection of asked.selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const narrowed = selection.typeCondition?.name.value ?? typeName;
      const concerned = common(types, facts.possible(narrowed));
      if (concerned.size === 0) continue;
      const unmet = unmetRequirement(
        facts,
        service,
        selection.selectionSet,
        concerned,
        representation,
        sent,
        narrowed,
      );
      if (unmet !== undefined) return unmet;
    } else if (selection.kind === Kind.FIELD) {
      const required = facts.requiredBy(service, typeName, selection.name.value);
      if (required !== undefined && !representation.holds(required, types, [sent]))
        return `${service} is not sent what ${typeName}.${selection.name.value} requires`;
    }
  }
  return undefined;
}

class Representation {
  /** The types of entities that are sent, as the representation says them. */
  readonly sentTypes: { readonly typeName: string; readonly types: TypeNames }[] = [];

  constructor(
    private readonly facts: SupergraphFacts,
    private readonly rewrites: readonly DataRewrite[],
  ) {}

  /**
   * Takes what is sent out of what is known.
   *
   * @returns a field that is not known of all types of which it is sent
   */
  project(
    selections: readonly PlanSelection[],
    types: TypeNames,
    known: readonly KnownData[],
    sent: KnownData,
    path: readonly string[],
  ): string | undefined {
    for (const selection of selections) {
      if (selection.kind === 'InlineFragment') {
        const { typeCondition } = selection;
        const narrowed =
          typeCondition === undefined ? types : common(types, this.facts.possible(typeCondition));
        if (narrowed.size === 0) continue;
        if (path.length === 0 && typeCondition !== undefined)
          this.sentTypes.push({ typeName: typeCondition, types: narrowed });
        const problem = this.project(selection.selections, narrowed, known, sent, [
          ...path,
          ...(typeCondition === undefined ? [] : [`... on ${typeCondition}`]),
        ]);
        if (problem !== undefined) return problem;
        continue;
      }
      const key = selection.alias ?? selection.name;
      const brought = known.flatMap((data) => data.at(key)).filter((field) => overlap(field.types, types));
      if (!areKnownOf(brought, types)) return `${[...types].join('|')}.${key}`;
      const problem = this.projectField(selection.selections, key, types, brought, sent, path);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  private projectField(
    selections: readonly PlanSelection[] | undefined,
    key: string,
    types: TypeNames,
    brought: readonly KnownField[],
    sent: KnownData,
    path: readonly string[],
  ): string | undefined {
    const ownPath = [...path, key];
    const sentKey = this.renamed(ownPath) ?? key;
    for (const field of brought) {
      const concerned = common(types, field.types);
      const below = sent.add(sentKey, field.name, field.arguments, concerned);
      if (below === undefined) return `${sentKey} would be two fields at once`;
      if (selections === undefined) continue;
      const typesBelow = new Set([...concerned].flatMap((type) => [...this.facts.typesOf(type, field.name)]));
      const problem = this.project(selections, typesBelow, [field.below], below, ownPath);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  private renamed(path: readonly string[]): string | undefined {
    const rewrite = this.rewrites.find(
      (candidate) => candidate.kind === 'KeyRenamer' && candidate.path.join('/') === path.join('/'),
    );
    return rewrite?.kind === 'KeyRenamer' ? rewrite.renameKeyTo : undefined;
  }

  /** True when a field set is sent of all these types, each field under its own name and with its arguments. */
  holds(fieldSet: SelectionSetNode, types: TypeNames, sent: readonly KnownData[]): boolean {
    return fieldSet.selections.every((selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return false;
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value;
        const narrowed = condition === undefined ? types : common(types, this.facts.possible(condition));
        return this.holds(selection.selectionSet, narrowed, sent);
      }
      const name = selection.name.value;
      const [some = ''] = types;
      const field = fieldOf(this.facts.supergraph, some, name);
      const values = argumentValues(selection.arguments, field);
      const held = sent
        .flatMap((data) => data.at(name))
        .filter((candidate) => candidate.name === name && candidate.arguments === values);
      if (!areKnownOf(held, types)) return false;
      if (selection.selectionSet === undefined) return true;
      const below = new Set([...types].flatMap((typeName) => [...this.facts.typesOf(typeName, name)]));
      return this.holds(selection.selectionSet, below, [
        ...new Set(held.map((candidate) => candidate.below)),
      ]);
    });
  }
}

function interfacesOf(facts: SupergraphFacts, typeName: string): readonly string[] {
  const type = facts.supergraph.getType(typeName);
  return type && 'getInterfaces' in type ? type.getInterfaces().map(({ name }) => name) : [];
}

/** What a fetch asks of its entities. */
export function entitiesOf(operation: OperationDefinitionNode): SelectionSetNode {
  const entities = operation.selectionSet.selections.find(
    (selection) => selection.kind === Kind.FIELD && selection.name.value === '_entities',
  );
  if (entities?.kind !== Kind.FIELD || entities.selectionSet === undefined)
    throw new Error('Entities are sent, but nothing is asked of them');
  return entities.selectionSet;
}
