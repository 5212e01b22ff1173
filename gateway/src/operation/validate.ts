import { createHash } from 'node:crypto';
import {
  GraphQLError,
  Kind,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { gatewayError, type ErrorCode } from '../errors.js';
import type { OperationRequest } from './operation-request.js';
import type { Preparation, ValidOperation } from './prepared-operation.js';

/** The most problems of one text that are told. */
const toldProblems = 20;

/** Parses the text of a request, validates it for a schema and chooses the operation. */
export function validOperation(
  { source, operationName, audience }: Omit<OperationRequest, 'scopes'>,
  schema: GraphQLSchema,
): Preparation<ValidOperation> {
  const parsed = parsedText(source);
  if (parsed instanceof GraphQLError) return { errors: [parsed] };
  const problems = validate(schema, parsed, specifiedRules, { maxErrors: toldProblems });
  if (problems.length > 0)
    return { errors: problems.map((problem) => located('GRAPHQL_VALIDATION_FAILED', problem)) };
  // Locations are for errors alone, and they hold on to every token of the text.
  const document = parse(source, { noLocation: true });
  const operation = chosenOperation(document, operationName);
  if (operation instanceof GraphQLError) return { errors: [operation] };
  if (!schema.getRootType(operation.operation))
    return {
      errors: [
        gatewayError('GRAPHQL_VALIDATION_FAILED', `There is no ${operation.operation} to be asked here.`),
      ],
    };
  return { prepared: { hash: hashOf(source), source, audience, schema, document, operation } };
}

/** How an operation is named by clients that send no text, and in the safelist. */
export function hashOf(source: string): string {
  return createHash('sha256').update(source).digest('hex');
}

function parsedText(source: string): DocumentNode | GraphQLError {
  try {
    return parse(source);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return located('GRAPHQL_PARSE_FAILED', error);
  }
}

function chosenOperation(
  document: DocumentNode,
  operationName: string | undefined,
): OperationDefinitionNode | GraphQLError {
  const operations = document.definitions.filter(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  if (operationName !== undefined) {
    return (
      operations.find(({ name }) => name?.value === operationName) ??
      gatewayError('OPERATION_RESOLUTION_FAILURE', `The query holds no operation named "${operationName}".`)
    );
  }
  const [only, ...others] = operations;
  if (only !== undefined && others.length === 0) return only;
  return gatewayError(
    'OPERATION_RESOLUTION_FAILURE',
    only === undefined
      ? 'The query holds no operation.'
      : 'The query holds several operations: choose one by operationName.',
  );
}

/** The error of the catalog for one of graphql-js: with its places in the text, without the text itself. */
function located(code: ErrorCode, { message, locations }: GraphQLError): GraphQLError {
  const error = gatewayError(code, message);
  Object.defineProperty(error, 'locations', { value: locations, enumerable: true });
  return error;
}
