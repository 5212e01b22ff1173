import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ServiceName } from '@fulfillment/schema/events/topics';
import { parse, type DocumentNode } from 'graphql';

/** The SDL of a service: the shared types and its own contract, read from `schema/`. */
export function loadTypeDefs(service: ServiceName): DocumentNode {
  const texts = ['shared', service].map((name) =>
    readFileSync(fileURLToPath(import.meta.resolve(`@fulfillment/schema/${name}.graphql`)), 'utf8'),
  );
  return parse(texts.join('\n'));
}
