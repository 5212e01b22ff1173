import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The text of an operation that one of our own clients sends, for example `product/Entitlements`. */
export function clientOperation(name: string): string {
  return readFileSync(
    fileURLToPath(new URL(`../../schema/operations/${name}.graphql`, import.meta.url)),
    'utf8',
  );
}
