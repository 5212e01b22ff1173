/** So many days a dismissed offer stays away. */
const dismissalDays = 30;

const millisecondsOfDay = 86_400_000;

/** The first instant at which an offer that is dismissed at an instant may be made again. */
export function dismissedUntil(at: Date): Date {
  return new Date(at.getTime() + dismissalDays * millisecondsOfDay);
}
