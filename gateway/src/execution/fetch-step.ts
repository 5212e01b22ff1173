import type { GraphQLFormattedError } from 'graphql';
import type { FetchNode } from '../planning/query-plan.js';
import { clientVariableOf } from '../planning/variable-names.js';
import { compileReader, type ObjectReader, type Reading } from './answer-reader.js';
import { compileContext, type ReadContext } from './context-rewrites.js';
import { missing, type DataObject } from './data-object.js';
import { objectsAt, placesAt, type EntityPath, type ResponsePath } from './entity-path.js';
import { compileRepresentation, type Represent } from './representation.js';
import type { Run } from './run.js';
import { contradiction, fetchFault, toClientError } from './service-errors.js';
import { sideBySide } from './side-by-side.js';
import type { Representation, SubgraphAnswer, SubgraphRequest } from './subgraph-fetch.js';
import type { TypeRelations } from './type-relations.js';

export type Variables = Readonly<Record<string, unknown>>;

/** What a step of a plan needs to know of the whole plan. */
export interface PlanFacts {
  readonly types: TypeRelations;
  /** False when what an object is given may depend on where it stands: then it stands at one place alone. */
  readonly mayShare: boolean;
  /** Fetches for which the plan may ask their service at the same moment as for others. */
  readonly together: ReadonlySet<FetchNode>;
}

const noVariables: Variables = {};

/** Entities of one representation, all different objects. */
interface Asked {
  readonly representation: Representation;
  readonly objects: DataObject[];
}

/** One request of a plan to a service: what is sent, and where its answer goes. */
export class FetchStep<Context> {
  private readonly reader: ObjectReader;
  private readonly represent: Represent | undefined;
  private readonly readContext: ReadContext | undefined;
  private readonly isAlone: boolean;
  /** The name of each variable in the fetch and in the operation. */
  private readonly variableNames: readonly (readonly [string, string])[];

  constructor(
    private readonly node: FetchNode,
    private readonly path: EntityPath,
    private readonly facts: PlanFacts,
  ) {
    const { requires, inputRewrites = [], contextRewrites = [] } = node;
    const shape = path.shapes.at(-1) ?? path.shapes[0];
    if (path.steps.length > 0) shape.isTarget = true;
    this.represent = requires && compileRepresentation(requires, shape, inputRewrites, facts.types);
    this.readContext =
      contextRewrites.length === 0 ? undefined : compileContext(contextRewrites, path, facts.types);
    this.reader = compileReader(node, shape);
    this.isAlone = !facts.together.has(node);
    this.variableNames = (node.variableUsages ?? []).map((name) => [name, clientVariableOf(name)]);
  }

  /**
   * Undefined when there is nothing to ask. Never rejects for a service's sake: what failed is told in the run's errors, and
   * noted as missing.
   */
  run(run: Run<Context>): Promise<unknown> | undefined {
    const { represent, readContext } = this;
    if (represent === undefined) return this.fetchFields(run);
    if (readContext === undefined) {
      return this.fetchEntities(run, represent, objectsAt(run.root, this.path), this.variables(run));
    }
    return sideBySide(this.groupsByContext(run, readContext), ({ variables, objects }) =>
      this.fetchEntities(run, represent, objects, variables),
    );
  }

  private variables({ variables }: Run<Context>): Variables {
    if (this.variableNames.length === 0) return noVariables;
    const used: Record<string, unknown> = {};
    for (const [name, own] of this.variableNames) {
      if (variables[own] !== undefined) used[name] = variables[own];
    }
    return used;
  }

  /** A request takes each variable once: entities with other contexts are asked for in requests of their own. */
  private groupsByContext(run: Run<Context>, readContext: ReadContext) {
    const groups = new Map<string, { readonly variables: Variables; readonly objects: DataObject[] }>();
    for (const place of placesAt(run.root, this.path)) {
      const context = readContext(place);
      const key = JSON.stringify(context);
      const group = groups.get(key) ?? { variables: { ...this.variables(run), ...context }, objects: [] };
      group.objects.push(place.object);
      groups.set(key, group);
    }
    return [...groups.values()];
  }

  private fetchFields(run: Run<Context>): Promise<unknown> | undefined {
    const objects = objectsAt(run.root, this.path);
    if (objects.length === 0) return undefined;
    return this.ask(run, { fetch: this.node, variables: this.variables(run) }, ({ errors = [], data }) => {
      for (const error of errors) this.tellOfFields(run, error);
      if (data === undefined || data === null) this.miss(objects);
      else this.mergeInto(run, objects, data, this.reading());
    });
  }

  private fetchEntities(
    run: Run<Context>,
    represent: Represent,
    objects: readonly DataObject[],
    variables: Variables,
  ): Promise<unknown> | undefined {
    const asked = this.group(objects, represent);
    if (asked.length === 0) return undefined;
    const representations = asked.map(({ representation }) => representation);
    const request = { fetch: this.node, variables, representations, alone: this.isAlone };
    return this.ask(run, request, (answer) => this.mergeEntities(run, asked, answer));
  }

  private mergeEntities(
    run: Run<Context>,
    asked: readonly Asked[],
    { errors = [], data }: SubgraphAnswer,
  ): void {
    if (errors.length > 0) this.tellOfEntities(run, errors, asked);
    const entities = data?.['_entities'];
    if (!Array.isArray(entities)) return asked.forEach((each) => this.miss(each.objects));
    const reading = this.reading();
    asked.forEach(({ objects }, index) => {
      const entity: unknown = entities[index];
      if (typeof entity === 'object' && entity !== null)
        this.mergeInto(run, objects, entity as Readonly<Record<string, unknown>>, reading);
      else this.miss(objects);
    });
  }

  /** Chained by hand: an operation has many fetches, and each `await` costs a promise more. */
  private ask(
    run: Run<Context>,
    request: SubgraphRequest,
    answered: (answer: SubgraphAnswer) => void,
  ): Promise<void> {
    const failed = (error: unknown) => {
      run.signal?.throwIfAborted();
      run.errors.push(fetchFault(error, this.node.serviceName));
      answered({});
    };
    return answerTo(request, run).then(answered, failed);
  }

  /** Equal objects within one answer are one object, as far as what comes later allows. */
  private reading(): Reading {
    return { types: this.facts.types, pool: this.facts.mayShare ? new Map() : undefined };
  }

  private mergeInto(
    run: Run<Context>,
    objects: readonly DataObject[],
    raw: Readonly<Record<string, unknown>>,
    reading: Reading,
  ): void {
    const [first] = objects;
    if (objects.length === 1 && first !== undefined) {
      if (!this.reader.readInto(first, raw, reading)) run.errors.push(contradiction(this.node.serviceName));
      return;
    }
    let read = this.reader.object(raw, reading);
    objects.forEach((object, number) => {
      if (number > 0 && !this.facts.mayShare) read = this.reader.object(raw, reading);
      if (this.reader.merge(object, read, reading.types)) return;
      run.errors.push(contradiction(this.node.serviceName));
    });
  }

  private tellOfFields(run: Run<Context>, error: GraphQLFormattedError): void {
    const { serviceName } = this.node;
    const path = error.path === undefined ? undefined : this.reader.translate(error.path);
    if (path === undefined || this.path.steps.length === 0) {
      run.errors.push(toClientError(error, serviceName, path));
      return;
    }
    for (const place of placesAt(run.root, this.path)) {
      run.errors.push(toClientError(error, serviceName, [...place.path, ...path]));
    }
  }

  /** A service tells of `_entities.N`: a client is told of each place where that entity stands. */
  private tellOfEntities(
    run: Run<Context>,
    errors: readonly GraphQLFormattedError[],
    asked: readonly Asked[],
  ): void {
    const { serviceName } = this.node;
    let places: ReadonlyMap<DataObject, readonly ResponsePath[]> | undefined;
    for (const error of errors) {
      const [, number, ...rest] = error.path ?? [];
      const entity = typeof number === 'number' ? asked[number] : undefined;
      if (entity === undefined) {
        run.errors.push(toClientError(error, serviceName, undefined));
        continue;
      }
      places ??= this.placesByObject(run);
      const below = this.reader.translate(rest);
      for (const place of entity.objects.flatMap((object) => places?.get(object) ?? [])) {
        run.errors.push(toClientError(error, serviceName, [...place, ...below]));
      }
    }
  }

  private placesByObject(run: Run<Context>): Map<DataObject, ResponsePath[]> {
    const places = new Map<DataObject, ResponsePath[]>();
    for (const { object, path } of placesAt(run.root, this.path)) {
      const known = places.get(object);
      if (known === undefined) places.set(object, [path]);
      else known.push(path);
    }
    return places;
  }

  private miss(objects: readonly DataObject[]): void {
    for (const object of objects) this.reader.miss(object);
  }

  /** Each different representation once, with the objects that it stands for. */
  private group(objects: readonly DataObject[], represent: Represent): readonly Asked[] {
    const asked: Asked[] = [];
    const byText = objects.length > 1 ? new Map<string, Asked>() : undefined;
    for (const object of objects) {
      const representation = represent(object);
      if (representation === missing) this.reader.miss(object);
      if (representation === undefined || representation === missing) continue;
      const known = byText?.get(representation.text);
      if (known !== undefined) {
        known.objects.push(object);
        continue;
      }
      const one = { representation, objects: [object] };
      byText?.set(representation.text, one);
      asked.push(one);
    }
    return asked;
  }
}

/** A fault at once is one like any other, beside fetches that are under way. */
function answerTo<Context>(request: SubgraphRequest, run: Run<Context>): Promise<SubgraphAnswer> {
  try {
    run.signal?.throwIfAborted();
    return run.fetch(request, run.context);
  } catch (fault) {
    return Promise.reject(fault);
  }
}
