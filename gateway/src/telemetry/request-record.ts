import type { Audience } from '@fulfillment/schema/audience';

/** What is known of a request when it ends; written to the log as one line. Holds no token, variable or other secret. */
export interface RequestRecord {
  audience?: Audience;
  operationName?: string;
  operationType?: string;
  /** What the operation could cost, and what it did. */
  cost?: { readonly estimate: number; readonly actual: number };
  /** What was executed for it; undefined where nothing was. */
  executed?: {
    /** What was counted of the answer. */
    readonly count: number;
    readonly hasData: boolean;
  };
  /** The codes of the errors in the response, each once. */
  readonly codes: Set<string>;
  /** False when the response carries no data at all. */
  hasData: boolean;
}

export type Outcome = 'ok' | 'partial' | 'refused' | 'failed' | 'aborted';

/** The record of a request of which nothing is known yet. */
export function newRequestRecord(): RequestRecord {
  return { codes: new Set(), hasData: false };
}

/**
 * `ok`: no error; `partial`: data with errors; `refused`: the request was at fault; `failed`: we were; `aborted`: the
 * client went away first.
 */
export function outcomeOf(record: RequestRecord, status: number, aborted: boolean): Outcome {
  if (aborted) return 'aborted';
  if (status >= 500) return 'failed';
  if (record.hasData) return record.codes.size === 0 ? 'ok' : 'partial';
  return record.codes.has('INTERNAL_SERVER_ERROR') ? 'failed' : 'refused';
}
