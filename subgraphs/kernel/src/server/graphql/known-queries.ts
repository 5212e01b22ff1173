import type { ApolloServerPlugin } from '@apollo/server';
import { type DocumentNode, Kind, OperationTypeNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { type AskedFor, askedBy } from '../telemetry/request-record.js';

/** A query that the server has parsed and found valid. */
export interface KnownQuery {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly asked: AskedFor;
}

/** So many characters of text are remembered, with what was made of them. */
const mostCharacters = 4_000_000;

/** The queries that a server has answered, by their text. A text of several operations is not among them. */
export class KnownQueries {
  readonly #byText = new LRUCache<string, KnownQuery>({
    maxSize: mostCharacters,
    sizeCalculation: (_query, text) => text.length,
  });

  /** Has the server tell of each query that it has found valid. */
  readonly plugin: ApolloServerPlugin = {
    requestDidStart: async () => ({
      didResolveOperation: async ({ source, document, operation }) => {
        if (operation?.operation !== OperationTypeNode.QUERY || operationsOf(document) !== 1) return;
        const operationName = operation.name?.value;
        this.#byText.set(source, { document, operationName, asked: askedBy(operation) });
      },
    }),
  };

  /** Undefined where the text is not known, or has no operation of this name. */
  find(text: string, operationName: string | undefined): KnownQuery | undefined {
    const known = this.#byText.get(text);
    return operationName === undefined || known?.operationName === operationName ? known : undefined;
  }
}

function operationsOf({ definitions }: DocumentNode): number {
  return definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length;
}
