const day = 86_400_000;
/** Clocks of instances run ahead a little. */
const clockSkew = 5 * 60_000;
/** An instance without a network tells of years, of no more than the longest term. */
const oldest = 5 * 366 * day;

/**
 * What is wrong with the moment at which something was counted, when it comes at `now`: more than 5 minutes ahead, or more than
 * five years ago. Null when nothing is.
 * @param field what the input calls the moment
 */
export function momentFault(field: string, moment: Date, now: Date): string | null {
  const age = now.getTime() - moment.getTime();
  if (!(age >= -clockSkew)) return `\`${field}\` must not lie in the future: check the clock.`;
  if (age > oldest) return `\`${field}\` must not be more than five years ago: check the clock.`;
  return null;
}
