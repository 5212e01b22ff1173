import type { GraphQLError } from 'graphql';
import { gatewayError } from '../errors.js';

/** The state of writing one answer. */
export class WriteRun {
  /** What writing itself found. */
  readonly errors: GraphQLError[] = [];
  /** Where the writer is: changed as it goes. */
  readonly path: (string | number)[] = [];
  /** What was counted of what is written so far. */
  count = 0;
  private explained: ReadonlySet<string> | undefined;

  /**
   * @param told the errors that services gave, with the paths that the client sees
   * @param introspected the JSON texts of the schema's description of itself, by response key
   */
  constructor(
    private readonly told: readonly GraphQLError[],
    readonly introspected: ReadonlyMap<string, string>,
    readonly variables: Readonly<Record<string, unknown>>,
  ) {}

  /** A field that the viewer may not see. */
  denied(message: string, key: string): void {
    this.errors.push(gatewayError('UNAUTHORIZED_FIELD_OR_TYPE', message, { path: [...this.path, key] }));
  }

  /** A value that the schema does not allow here. */
  invalid(message: string, key?: string | number): void {
    const path = key === undefined ? [...this.path] : [...this.path, key];
    this.errors.push(gatewayError('INVALID_FIELD_VALUE', message, { path }));
  }

  /** A value that is not there although it must be: an error unless a service gave the reason. */
  absent(message: string, key?: string | number): void {
    const path = key === undefined ? this.path : [...this.path, key];
    if (!this.isExplained(path)) this.invalid(message, key);
  }

  /** True when a service told of an error here or below, or of one that may be anywhere. */
  private isExplained(path: readonly (string | number)[]): boolean {
    this.explained ??= prefixesOf(this.told);
    return this.explained.has(anywhere) || this.explained.has(JSON.stringify(path));
  }
}

const anywhere = '';

function prefixesOf(errors: readonly GraphQLError[]): ReadonlySet<string> {
  const prefixes = new Set<string>();
  for (const { path } of errors) {
    if (path === undefined) prefixes.add(anywhere);
    else path.forEach((_, index) => prefixes.add(JSON.stringify(path.slice(0, index + 1))));
  }
  return prefixes;
}
