import { Kind, visit, type DocumentNode } from 'graphql';

/** What a fetch calls the entities that it asks for, as every planner has it. */
const taken = 'representations';
/** Ends the name under which a renamed variable travels. */
const suffix = '__renamed';

/**
 * Renames what a plan could not tell apart: a client's variable of the name that entities have in a fetch, and one of the
 * form that renamed variables have.
 */
export function renameVariables(document: DocumentNode): DocumentNode {
  return visit(document, {
    [Kind.VARIABLE]: (variable) => {
      const { value } = variable.name;
      if (value !== taken && !value.endsWith(suffix)) return undefined;
      return { ...variable, name: { ...variable.name, value: `${value}${suffix}` } };
    },
  });
}

/** The client's name for a variable of a plan. */
export function clientVariableOf(name: string): string {
  return name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
}
