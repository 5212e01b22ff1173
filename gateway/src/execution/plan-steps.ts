import type { PlanNode } from '../planning/query-plan.js';
import { clientVariableOf } from '../planning/variable-names.js';
import type { Shape } from './data-object.js';
import { compilePath, hasTypeConditions, type ResponsePath } from './entity-path.js';
import { FetchStep, type PlanFacts } from './fetch-step.js';
import type { Run } from './run.js';
import { sideBySide } from './side-by-side.js';

/** Runs part of a plan; undefined when there was nothing to ask. Rejects only when the run was given up. */
export type Step<Context> = (run: Run<Context>) => Promise<unknown> | undefined;

/**
 * Compiles part of a plan.
 *
 * @param path of the objects that it is about
 * @param root the shape of the whole answer, to which everything that the plan brings is added
 */
export function compileStep<Context>(
  node: PlanNode,
  path: ResponsePath,
  root: Shape,
  facts: PlanFacts,
): Step<Context> {
  switch (node.kind) {
    case 'Fetch': {
      const step = new FetchStep<Context>(node, compilePath(path, root), facts);
      return (run) => step.run(run);
    }
    case 'Flatten':
      return compileStep(node.node, [...path, ...node.path], root, facts);
    case 'Sequence': {
      const steps = node.nodes.map((each) => compileStep<Context>(each, path, root, facts));
      return async (run) => {
        for (const step of steps) {
          const asked = step(run);
          if (asked !== undefined) await asked;
        }
      };
    }
    case 'Parallel': {
      const steps = node.nodes.map((each) => compileStep<Context>(each, path, root, facts));
      return (run) => sideBySide(steps, (step) => step(run));
    }
    case 'Condition': {
      const { ifClause, elseClause } = node;
      const condition = clientVariableOf(node.condition);
      const whenTrue = ifClause && compileStep<Context>(ifClause, path, root, facts);
      const whenFalse = elseClause && compileStep<Context>(elseClause, path, root, facts);
      return (run) => (run.variables[condition] === true ? whenTrue : whenFalse)?.(run);
    }
  }
}

/** False when what an object is given may depend on where it stands: by a context, or by the types above it. */
export function mayShareObjects(node: PlanNode): boolean {
  switch (node.kind) {
    case 'Fetch':
      return (node.contextRewrites ?? []).length === 0;
    case 'Flatten':
      return !hasTypeConditions(node.path) && mayShareObjects(node.node);
    case 'Sequence':
    case 'Parallel':
      return node.nodes.every(mayShareObjects);
    case 'Condition':
      return [node.ifClause, node.elseClause].every((each) => each === undefined || mayShareObjects(each));
  }
}
