import type { DocumentNode, Token } from 'graphql';

/** How many tokens the text of a document has: what it costs to parse, to keep and to compile goes by that. */
export function tokensOf({ loc }: DocumentNode): number {
  let count = 1;
  for (let token: Token | null | undefined = loc?.startToken; token; token = token.next) count += 1;
  return count;
}
