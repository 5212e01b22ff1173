import { Kind, parse, visit, type ConstDirectiveNode } from 'graphql';
import type { Problem } from './problem.js';

const MONTHS = 9;
const FORM = `"<what to use instead>, since YYYY-MM-DD, removal after YYYY-MM-DD"`;

/** A deprecation says since when it holds and after which day the element goes: at least nine months later. */
export function checkDeprecations(subgraphs: Readonly<Record<string, string>>): Problem[] {
  return Object.entries(subgraphs).flatMap(([service, sdl]) =>
    deprecations(sdl).flatMap(({ coordinate, reason }) => {
      const message = judge(reason);
      return message === undefined ? [] : [{ at: `${service}: ${coordinate}`, message }];
    }),
  );
}

function judge(reason: string): string | undefined {
  const since = dateAfter('since', reason);
  const removal = dateAfter('removal after', reason);
  if (since === undefined || removal === undefined) return `its deprecation must read ${FORM}`;
  return wholeMonths(since, removal) < MONTHS
    ? `it is removed less than ${MONTHS} months after it was deprecated`
    : undefined;
}

function dateAfter(words: string, reason: string): Date | undefined {
  const text = new RegExp(`\\b${words} (\\d{4}-\\d{2}-\\d{2})\\b`).exec(reason)?.[1];
  if (text === undefined) return undefined;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text) ? day : undefined;
}

function wholeMonths(from: Date, until: Date): number {
  const months =
    (until.getUTCFullYear() - from.getUTCFullYear()) * 12 + until.getUTCMonth() - from.getUTCMonth();
  return until.getUTCDate() < from.getUTCDate() ? months - 1 : months;
}

function deprecations(sdl: string): { coordinate: string; reason: string }[] {
  const found: { coordinate: string; reason: string }[] = [];
  visit(parse(sdl), {
    Directive(node, _key, _parent, _path, ancestors) {
      if (node.name.value !== 'deprecated') return;
      const names = ancestors.flatMap((ancestor) =>
        'name' in ancestor && ancestor.name !== undefined ? [ancestor.name.value] : [],
      );
      found.push({ coordinate: names.join('.'), reason: reasonOf(node as ConstDirectiveNode) });
    },
  });
  return found;
}

function reasonOf(node: ConstDirectiveNode): string {
  const value = node.arguments?.find(({ name }) => name.value === 'reason')?.value;
  return value?.kind === Kind.STRING ? value.value : '';
}
