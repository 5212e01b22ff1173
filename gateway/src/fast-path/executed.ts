import type { GraphQLError } from 'graphql';
import type { ExecutionResult } from '../execution/compile.js';
import { onceForEachService } from '../protection/answer.js';
import type { PluginResult } from './plugin-run.js';

/** The answer of one execution, in the forms that those who are given it need; each is made once, when it is asked for. */
export class Executed<Context> {
  readonly errors: readonly GraphQLError[];
  /** What was counted of the data. */
  readonly count: number;
  readonly hasData: boolean;
  private readonly text: string;
  private parsed: unknown;
  private body: Buffer | undefined;

  constructor(
    { data, errors, count }: ExecutionResult,
    /** Of the request for which it was executed. */
    readonly context: Context,
  ) {
    this.text = data;
    this.count = count;
    this.hasData = data !== 'null';
    this.errors = onceForEachService(errors);
  }

  /** For those who do not change it. */
  get data(): unknown {
    if (this.parsed === undefined) this.parsed = this.ownData();
    return this.parsed;
  }

  /** For one who may change it. */
  ownData(): unknown {
    return JSON.parse(this.text) as unknown;
  }

  /** The body of a response with these data. */
  bodyWith({ errors, extensions }: PluginResult): string | Buffer {
    if (errors === undefined && extensions === undefined) {
      this.body ??= Buffer.from(`{"data":${this.text}}`);
      return this.body;
    }
    const told = errors === undefined ? '' : `"errors":${JSON.stringify(errors)},`;
    const more = extensions === undefined ? '' : `,"extensions":${JSON.stringify(extensions)}`;
    return `{${told}"data":${this.text}${more}}`;
  }
}
