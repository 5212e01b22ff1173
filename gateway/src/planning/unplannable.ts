import { GraphQLError } from 'graphql';

/** There is no plan that answers an operation rightly. The message is for clients; the cause is for the log. */
export function unplannable(cause: unknown): GraphQLError {
  const originalError = cause instanceof Error ? cause : new Error(String(cause));
  return new GraphQLError(
    'This operation cannot be answered from the services. Ask for less of it, or for its parts one by one.',
    { originalError },
  );
}
