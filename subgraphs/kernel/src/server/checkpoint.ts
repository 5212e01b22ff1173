/**
 * The places between two steps of which a crash must lose and double nothing. Fault tests have a process kill itself
 * at one of them; elsewhere reaching one does nothing.
 */
export type Checkpoint =
  | 'use-case.before-commit'
  | 'use-case.after-commit'
  | 'relay.before-publish'
  | 'relay.after-publish'
  | 'inbox.before-commit'
  | 'inbox.after-commit';

export type ReachCheckpoint = (checkpoint: Checkpoint) => void;

/** Kills the process with SIGKILL at the named checkpoint (`KILL_AT`), the first time it is reached. */
export function createCheckpoints(killAt: string | undefined): ReachCheckpoint {
  if (killAt === undefined) return () => undefined;
  return (checkpoint) => {
    if (checkpoint === killAt) process.kill(process.pid, 'SIGKILL');
  };
}
