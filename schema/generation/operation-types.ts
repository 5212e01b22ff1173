import { Supergraph } from '@apollo/federation-internals';
import { printSchema } from 'graphql';
import { withoutSecurity } from '../audience.js';
import type { GeneratedFile } from '../generated-file.js';
import type { Operation } from '../operations.js';
import { runCodegen } from './run.js';

const IMPORTS = "import type { TypedOperation } from '../../typed-operation.js';\n\n";

const PATH = 'schema/operations/__generated__/operations.ts';

/** How the scalars of the graph look to a client: everything is a string in JSON. */
const CLIENT_SCALARS = {
  ID: 'string',
  DateTime: 'string',
  LocalDate: 'string',
  Decimal: 'string',
  CurrencyCode: 'string',
};

/** The types of every operation's result and variables, and the operations as typed documents. */
export async function generateOperationTypes(
  supergraphSdl: string,
  operations: readonly Operation[],
): Promise<GeneratedFile[]> {
  const schema = Supergraph.build(withoutSecurity(supergraphSdl)).apiSchema().toGraphQLJSSchema();
  const output = {
    schema: printSchema(schema),
    documents: operations.map(({ document }) => document),
    plugins: ['typescript-operations'],
    config: {
      strictScalars: true,
      scalars: CLIENT_SCALARS,
      useTypeImports: true,
      enumType: 'string-literal',
      immutableTypes: true,
      importExtension: '.js',
    },
  };
  const files = await runCodegen({ [PATH]: output }, IMPORTS);
  const documents = operations.map(typedOperation).join('\n');
  return files.map(({ path, content }) => ({ path, content: `${content}\n${documents}` }));
}

function typedOperation({ audience, operationName, kind, document }: Operation): string {
  const result = `${operationName}${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
  return (
    `export const ${operationName}: TypedOperation<${result}, ${result}Variables> = {\n` +
    `  audience: '${audience}',\n` +
    `  operationName: '${operationName}',\n` +
    `  document: ${JSON.stringify(document)},\n` +
    '};\n'
  );
}
