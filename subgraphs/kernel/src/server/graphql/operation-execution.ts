import { type DocumentNode, execute, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { type CompiledQuery, compileQuery } from './compiled/compile-query.js';

/** Compiling costs as much as executing some times. */
const compiledAfter = 10;

/**
 * Executes a valid text of one operation: by graphql-js at first and whenever something is not as it should be. A query is
 * compiled once it has been answered well some times; a mutation never is.
 */
export class OperationExecution {
  /** How often, one after the other, graphql-js had no error to tell of. */
  #answeredWell = 0;
  /** Null when it is not to be. */
  #compiled: CompiledQuery | null | undefined;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly document: DocumentNode,
  ) {}

  /**
   * @param context what resolvers are given
   * @returns what graphql-js gives: no data where the variables do not fit
   */
  async execute(context: object, variables: Readonly<Record<string, unknown>>): Promise<ExecutionResult> {
    if (this.#answeredWell >= compiledAfter) {
      if (this.#compiled === undefined) this.#compiled = compileQuery(this.schema, this.document) ?? null;
      const data = await this.#compiled?.(context, variables);
      if (data !== undefined) return { data };
    }
    const { schema, document } = this;
    const result = await execute({ schema, document, contextValue: context, variableValues: variables });
    // What has failed twice over is not tried twice again, for instance while the database does not answer.
    this.#answeredWell = result.errors === undefined ? this.#answeredWell + 1 : 0;
    return result;
  }
}
