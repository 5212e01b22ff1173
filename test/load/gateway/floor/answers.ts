/** What the floor reads of a request. */
export interface FloorRequest {
  readonly operationName: string;
  readonly variables: {
    readonly page?: string;
    readonly deploymentKind?: string;
    readonly externalId?: string;
  };
}

/** Under which name the floor keeps the answer to a request. */
export function answerKey({ operationName, variables }: FloorRequest): string {
  const { deploymentKind = '', externalId = '' } = variables;
  return `${operationName} ${deploymentKind} ${externalId}`;
}
