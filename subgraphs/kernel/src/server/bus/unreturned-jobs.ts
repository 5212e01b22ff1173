/** How graphile-worker begins to tell of jobs that it could not give back. */
export const unreturnedJobs = 'Error occurred whilst returning jobs from local queue to database queue: ';

/**
 * Whether a rejection that nobody hears is graphile-worker's own word for jobs that workers which have ended could not give back,
 * because the connection was lost as well (`LocalQueue.returnJobs`, in no promise that it hands out). Nothing is lost by it: what is
 * left of such workers is freed with their leases (`worker-leases.ts`). Anything else is a fault of ours.
 */
export function isUnreturnedJobs(reason: unknown): boolean {
  return reason instanceof Error && reason.message.startsWith(unreturnedJobs);
}
