import type { ApolloServerPlugin } from '@apollo/server';
import { type DocumentNode, Kind, type OperationTypeNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { type AskedFor, askedBy } from '../telemetry/request-record.js';
import { OperationExecution } from './operation-execution.js';
import { tokensOf } from './tokens.js';

/** An operation that the server has parsed and found valid. */
export interface KnownOperation {
  readonly kind: OperationTypeNode;
  readonly document: DocumentNode;
  readonly execution: OperationExecution;
  readonly operationName: string | undefined;
  readonly asked: AskedFor;
}

/** About so much memory is taken by what is remembered, in bytes. */
const mostBytes = 64 * 1024 * 1024;

/** What graphql-js makes of a token of a text takes about so much (240 to 480 bytes), and what is compiled from it 150 more. */
const bytesPerToken = 480;

/** The queries and mutations that a server has answered, by their text. A text of several operations is not among them. */
export class KnownOperations {
  readonly #byText: LRUCache<string, KnownOperation>;

  /** @param most about how much memory they may take, in bytes; those that were asked last are kept */
  constructor(most = mostBytes) {
    this.#byText = new LRUCache({
      maxSize: most,
      sizeCalculation: ({ document }, text) => text.length + tokensOf(document) * bytesPerToken,
    });
  }

  /** Has the server tell of each operation that it has found valid. */
  readonly plugin: ApolloServerPlugin = {
    requestDidStart: async () => ({
      didResolveOperation: async ({ schema, source, document, operation }) => {
        if (operation === undefined || operationsOf(document) !== 1) return;
        const kind = operation.operation;
        const operationName = operation.name?.value;
        const execution = new OperationExecution(schema, document);
        this.#byText.set(source, { kind, document, execution, operationName, asked: askedBy(operation) });
      },
    }),
  };

  /** Undefined where the text is not known, or has no operation of this name. */
  find(text: string, operationName: string | undefined): KnownOperation | undefined {
    const known = this.#byText.get(text);
    return operationName === undefined || known?.operationName === operationName ? known : undefined;
  }
}

function operationsOf({ definitions }: DocumentNode): number {
  return definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length;
}
