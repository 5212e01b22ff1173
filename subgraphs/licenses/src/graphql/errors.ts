import { GraphQLError } from 'graphql';

/** The catalog of what licenses answers with an error of its own; the rest is the kernel's `inputErrorCodes`. */
export const licensesErrorCodes = {
  DEPLOYMENT_NOT_FOUND:
    'There is no such deployment, or the viewer may not see it; which of the two is not told.',
} as const;

export type LicensesErrorCode = keyof typeof licensesErrorCodes;

/** Nothing that was asked for is named in the message, so that what exists and what does not answer alike. */
export function deploymentNotFound(): GraphQLError {
  const code: LicensesErrorCode = 'DEPLOYMENT_NOT_FOUND';
  return new GraphQLError(
    'No deployment of this kind and external id is visible to you. Check `deploymentKind`, `externalId`, and the account of your token.',
    { extensions: { code, field: 'externalId' } },
  );
}
