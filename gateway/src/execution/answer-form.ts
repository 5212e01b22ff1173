import type { DocumentNode, GraphQLObjectType, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { ClientPaths, type DataKeys } from './client-path.js';
import type { Shape } from './data-object.js';
import { compileIntrospection, type Introspect } from './introspection.js';
import type { ObjectWriter } from './object-writer.js';
import { conditionVariables, SelectedFields, type Conditions } from './selected-fields.js';
import type { Tally } from './tally.js';
import { WriterCompilation, type Denied } from './writer-compilation.js';

/** How an operation's answer is written for given values of the variables in `@skip` and `@include`. */
export interface AnswerForm {
  readonly writer: ObjectWriter;
  readonly introspect: Introspect;
  readonly paths: ClientPaths;
}

export interface AnswerFormOptions {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly rootType: GraphQLObjectType;
  readonly rootShape: Shape;
  readonly denied: Denied;
  readonly keys: DataKeys;
  /** What is counted of answers. */
  readonly tally: Tally | undefined;
}

/** Forms of one operation that are kept: few operations have more. */
const maxForms = 32;

/** Gives the form for a request's variables; each is made once. */
export function answerForms(
  options: AnswerFormOptions,
): (variables: Readonly<Record<string, unknown>>) => AnswerForm {
  const names = conditionVariables(options.document);
  const forms = new Map<string, AnswerForm>();
  return (variables) => {
    let key = '';
    for (const name of names) key += variables[name] === true ? '1' : '0';
    let form = forms.get(key);
    if (form === undefined) {
      form = makeForm(options, Object.fromEntries(names.map((name) => [name, variables[name] === true])));
      if (forms.size >= maxForms) forms.clear();
      forms.set(key, form);
    }
    return form;
  };
}

function makeForm(options: AnswerFormOptions, conditions: Conditions): AnswerForm {
  const { schema, document, operation, rootType, rootShape, denied, keys, tally } = options;
  const selected = new SelectedFields(schema, document, conditions);
  const sets = [operation.selectionSet];
  return {
    writer: new WriterCompilation(schema, selected, denied, keys).object(rootType, sets, rootShape, tally),
    introspect: compileIntrospection(schema, document, operation, selected.of(rootType, sets)),
    paths: new ClientPaths(schema, document, selected, keys),
  };
}
