import { inSpan, type Trace } from '@fulfillment/telemetry/tracing';
import {
  GraphQLError,
  OperationTypeNode,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { dataKeyOf, responseKeyOf } from '../planning/data-keys.js';
import type { QueryPlan } from '../planning/query-plan.js';
import { answerForms } from './answer-form.js';
import type { AnswerRoot, DataKeys } from './client-path.js';
import { DataObject, Shape } from './data-object.js';
import type { ResponsePath } from './entity-path.js';
import { assertMutationOrder } from './mutation-order.js';
import { fetchesTogether } from './fetches-together.js';
import { compileStep, mayShareObjects } from './plan-steps.js';
import type { GivenUp, Run } from './run.js';
import type { SubgraphFetch } from './subgraph-fetch.js';
import type { Tally } from './tally.js';
import { typeRelations } from './type-relations.js';
import { WriteRun } from './write-run.js';
import type { Denied } from './writer-compilation.js';

export interface CompileOptions {
  /** What clients see. */
  readonly schema: GraphQLSchema;
  /** With what clients do not see, which plans may use all the same; the same as `schema` when left out. */
  readonly supergraph?: GraphQLSchema;
  /** What the client sent, valid for `schema`: the answer is written in its form. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Answers the operation, save for denied fields. */
  readonly plan: QueryPlan;
  /** Fields that are null with an error, and that the plan need not ask for. None when left out. */
  readonly denied?: Denied;
  /** What is counted of answers while they are written. Nothing when left out. */
  readonly tally?: Tally;
}

export interface ExecutionRequest<Context> {
  /** Coerced, with defaults: what graphql-js `getVariableValues` gives. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: Context;
  readonly fetch: SubgraphFetch<Context>;
  /** Gives a query up: no further service is asked. A mutation goes on. */
  readonly signal?: GivenUp | undefined;
  /** Where it is told how long the answer took to write, if anything. */
  readonly trace?: Trace | undefined;
}

/** The answer to one request. */
export interface ExecutionResult {
  /** JSON text: an object in the form of the operation, or `null`. */
  readonly data: string;
  readonly errors: readonly GraphQLError[];
  /** What the tally counted of the data. */
  readonly count: number;
}

/** An operation that is ready to be answered any number of times, side by side. Holds nothing of a request. */
export interface CompiledOperation<Context> {
  /**
   * Runs the plan and writes the answer. Services that fail, and values that the schema does not allow, are null and
   * told in `errors`; what is missing is never left without a word.
   *
   * Rejects with what the signal throws when the request is given up, and for nothing else but a fault of ours.
   */
  execute(request: ExecutionRequest<Context>): Promise<ExecutionResult>;
}

/**
 * Compiles an operation and its plan: all that does not depend on a request is done here, once.
 *
 * Throws a GraphQLError for an operation that cannot be answered rightly.
 */
export function compile<Context>(options: CompileOptions): CompiledOperation<Context> {
  const { schema, document, operation, plan, denied = () => null, tally } = options;
  const rootType = schema.getRootType(operation.operation);
  if (!rootType) throw new GraphQLError(`There is no ${operation.operation} to be asked here.`);
  const keys: DataKeys = {
    dataKeyOf: (field) => dataKeyOf(field, plan),
    responseKeyOf: (dataKey) => responseKeyOf(dataKey, plan),
  };
  const isMutation = operation.operation === OperationTypeNode.MUTATION;
  if (isMutation && plan.node !== undefined) assertMutationOrder(plan.node, document, operation, keys);
  const rootShape = new Shape();
  const facts = {
    types: typeRelations(options.supergraph ?? schema),
    mayShare: plan.node === undefined || mayShareObjects(plan.node),
    together: fetchesTogether(plan.node),
  };
  const runPlan = plan.node && compileStep<Context>(plan.node, [], rootShape, facts);
  const selectionSet = operation.selectionSet;
  const formFor = answerForms({ schema, document, operation, rootType, rootShape, denied, keys, tally });

  return {
    async execute({ variables, context, fetch, signal, trace }) {
      const root = new DataObject(rootShape.emptyValues());
      const run: Run<Context> = {
        root,
        variables,
        context,
        fetch,
        signal: isMutation ? undefined : signal,
        errors: [],
      };
      await runPlan?.(run);
      return inSpan(trace, 'shape', () => {
        const { writer, introspect, paths } = formFor(variables);
        const answer: AnswerRoot = { type: rootType, object: root, shape: rootShape, selectionSet };
        const told = run.errors.map((error) => withClientPath(error, (path) => paths.of(path, answer)));
        const introspected = introspect(variables);
        const writing = new WriteRun(told, introspected.texts, variables);
        const data = writer.write(root, writing) ?? 'null';
        const errors = [...told, ...introspected.errors, ...writing.errors];
        return { data, errors, count: writing.count };
      });
    },
  };
}

function withClientPath(error: GraphQLError, toClient: (path: ResponsePath) => ResponsePath): GraphQLError {
  if (error.path === undefined) return error;
  const path = toClient(error.path);
  if (path.length === error.path.length && path.every((part, index) => part === error.path?.[index]))
    return error;
  return new GraphQLError(error.message, { path, extensions: error.extensions });
}
