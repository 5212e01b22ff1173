import {
  getNamedType,
  Kind,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { DataRewrite, FetchNode, PlanNode } from '../query-plan.js';
import { argumentValues, fieldOf } from './argument-values.js';
import { missingField } from './coverage.js';
import { common, KnownData, type Place } from './known-data.js';
import { entitiesOf, representationProblem } from './representation-check.js';
import type { SupergraphFacts } from './supergraph-facts.js';

/**
 * Why a plan cannot answer an operation rightly, in words for the log; undefined when it can. It can when
 * - every fetch is valid for the schema of its service,
 * - what is sent of entities was brought before, for every type of entity that is sent, under no key that holds another
 *   field or the same with other arguments; holds a key by which the service resolves the type; and holds what the
 *   fields asked for require, with the arguments that they require,
 * - no key of the data is two fields of one type,
 * - and every field of the operation is brought for every type of object that can be there.
 *
 * What `@include` and `@skip` leave out at run time is taken as brought, and `@fromContext` is not looked at.
 *
 * @param document with the keys under which the plan brings fields as response keys
 */
export function planProblem(
  facts: SupergraphFacts,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  node: PlanNode | undefined,
): string | undefined {
  const root = facts.supergraph.getRootType(operation.operation);
  const data = new KnownData();
  try {
    if (node !== undefined && root) new PlanCheck(facts).node(node, [{ types: new Set([root.name]), data }]);
  } catch (error) {
    if (error instanceof PlanProblem) return error.message;
    throw error;
  }
  const missing = missingField(facts, document, operation, data);
  return missing === undefined ? undefined : `Nothing brings ${missing}`;
}

class PlanProblem extends Error {
  override name = 'PlanProblem';
}

/** Who answers a selection, and what becomes of the answer. */
interface Asked {
  readonly service: string;
  readonly schema: GraphQLSchema;
  readonly rewrites: readonly DataRewrite[];
}

class PlanCheck {
  constructor(private readonly facts: SupergraphFacts) {}

  node(node: PlanNode, places: readonly Place[]): void {
    switch (node.kind) {
      case 'Sequence':
      case 'Parallel':
        for (const part of node.nodes) this.node(part, places);
        return;
      case 'Condition':
        if (node.ifClause) this.node(node.ifClause, places);
        if (node.elseClause) this.node(node.elseClause, places);
        return;
      case 'Flatten':
        this.node(node.node, this.below(places, node.path));
        return;
      case 'Fetch':
        this.fetch(node, places);
    }
  }

  /** The places at the end of a path. */
  private below(places: readonly Place[], path: readonly (string | number)[]): readonly Place[] {
    return path
      .filter((part): part is string => typeof part === 'string' && part !== '@')
      .reduce((current, key) => current.flatMap((place) => this.step(place, key)), places);
  }

  private step({ types, data }: Place, key: string): readonly Place[] {
    if (key.startsWith('... on ')) return [{ types: common(types, this.facts.possible(key.slice(7))), data }];
    return data.at(key).map((field) => ({
      types: new Set(
        [...common(field.types, types)].flatMap((type) => [...this.facts.typesOf(type, field.name)]),
      ),
      data: field.below,
    }));
  }

  private fetch(fetch: FetchNode, places: readonly Place[]): void {
    const { serviceName } = fetch;
    const schema = this.facts.services.get(serviceName);
    if (schema === undefined) throw new PlanProblem(`There is no service ${serviceName}`);
    const document = parse(fetch.operation, { noLocation: true });
    const [invalid] = validate(schema, document, specifiedRules, { maxErrors: 1 });
    if (invalid !== undefined)
      throw new PlanProblem(`${serviceName} is asked what it has not: ${invalid.message}`);
    const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
    if (operation === undefined) throw new PlanProblem(`${serviceName} is asked for nothing`);
    const asked = { service: serviceName, schema, rewrites: fetch.outputRewrites ?? [] };
    for (const place of places) {
      if (fetch.requires === undefined) {
        const root = schema.getRootType(operation.operation);
        this.bring(asked, operation.selectionSet, root?.name ?? '', place, []);
        continue;
      }
      const problem = representationProblem(this.facts, fetch, operation, place);
      if (problem !== undefined) throw new PlanProblem(problem);
      this.bring(asked, entitiesOf(operation), '_Entity', place, []);
    }
  }

  /** Notes what a service answers to a selection. */
  private bring(
    asked: Asked,
    set: SelectionSetNode,
    typeName: string,
    place: Place,
    path: readonly string[],
  ): void {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        this.bringField(asked, selection, typeName, place, path);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const narrowed = selection.typeCondition?.name.value ?? typeName;
        const types =
          narrowed === typeName ? place.types : common(place.types, this.facts.possible(narrowed));
        this.bring(asked, selection.selectionSet, narrowed, { ...place, types }, path);
      } else throw new PlanProblem(`${asked.service} is asked with named fragments`);
    }
  }

  private bringField(
    asked: Asked,
    node: FieldNode,
    typeName: string,
    { types, data }: Place,
    path: readonly string[],
  ): void {
    if (types.size === 0) return;
    const name = node.name.value;
    const field = fieldOf(asked.schema, typeName, name);
    const ownPath = [...path, (node.alias ?? node.name).value];
    const key = keyAfter(asked.rewrites, ownPath);
    const below = data.add(key, name, argumentValues(node.arguments, field), types);
    if (below === undefined) throw new PlanProblem(`${typeName}.${key} would be two fields at once`);
    if (node.selectionSet === undefined || field === undefined) return;
    const returned = getNamedType(field.type).name;
    const placeBelow = { types: this.facts.possibleIn(asked.service, returned), data: below };
    this.bring(asked, node.selectionSet, returned, placeBelow, ownPath);
  }
}

/** The key of a field of an answer once the answer is rewritten: planners ask for what clashes under names of their own. */
function keyAfter(rewrites: readonly DataRewrite[], path: readonly string[]): string {
  const place = path.join('/');
  const renamer = rewrites.find(
    (rewrite) =>
      rewrite.kind === 'KeyRenamer' &&
      rewrite.path.filter((part) => !part.startsWith('... on ')).join('/') === place,
  );
  return renamer?.kind === 'KeyRenamer' ? renamer.renameKeyTo : (path.at(-1) ?? '');
}
