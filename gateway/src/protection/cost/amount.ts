/** The variables of a request, as the client sent them or coerced. */
export type Variables = Readonly<Record<string, unknown>>;

/** A number that is known before any request, or one that depends on a request's variables. */
export type Amount = number | ((variables: Variables) => number);

/** What an amount is for these variables. */
export function evaluate(amount: Amount, variables: Variables): number {
  return typeof amount === 'number' ? amount : amount(variables);
}

/** All amounts together; what is known of them is added once, here. */
export function sum(amounts: readonly Amount[]): Amount {
  const { known, open } = split(amounts);
  const constant = known.reduce((total, amount) => total + amount, 0);
  if (open.length === 0) return constant;
  const [only] = open;
  if (only !== undefined && open.length === 1 && constant === 0) return only;
  return (variables) => {
    let total = constant;
    for (const amount of open) total += amount(variables);
    return total;
  };
}

/** One amount as often as the other says; worked out here when both are known. */
export function product(left: Amount, right: Amount): Amount {
  if (typeof left === 'number' && typeof right === 'number') return left * right;
  if (left === 0 || right === 0) return 0;
  if (left === 1) return right;
  if (right === 1) return left;
  return (variables) => evaluate(left, variables) * evaluate(right, variables);
}

/** The largest of them; 0 of none. */
export function largest(amounts: readonly Amount[]): Amount {
  const { known, open } = split(amounts);
  const constant = Math.max(0, ...known);
  if (open.length === 0) return constant;
  return (variables) => {
    let most = constant;
    for (const amount of open) most = Math.max(most, amount(variables));
    return most;
  };
}

/** The amount where the condition holds, else 0. */
export function when(condition: boolean | ((variables: Variables) => boolean), amount: Amount): Amount {
  if (typeof condition === 'boolean') return condition ? amount : 0;
  return (variables) => (condition(variables) ? evaluate(amount, variables) : 0);
}

function split(amounts: readonly Amount[]) {
  const known: number[] = [];
  const open: ((variables: Variables) => number)[] = [];
  for (const amount of amounts) {
    if (typeof amount === 'number') known.push(amount);
    else open.push(amount);
  }
  return { known, open };
}
