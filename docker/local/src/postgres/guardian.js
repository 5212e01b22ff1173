// Stops a PostgreSQL server when the process that started it is gone without having stopped it, for example by kill -9.
// A process of its own, `node guardian.js <json>` with an IPC channel, whose end is the sign. It runs alone, from source
// and built alike, so it imports nothing of the project.
//   pid          the server's process
//   pidFile      the server's postmaster.pid: stop only while it names that process
//   ownerFile    names who answers for the server: stop only while that is still `owner`
//   removeAfter  null, or a folder to remove when the server has ended
import { readFileSync, rmSync } from 'node:fs';

const { pid, pidFile, ownerFile, owner, removeAfter } = JSON.parse(process.argv[2] ?? '{}');

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function isServer() {
  return read(pidFile).split('\n')[0]?.trim() === String(pid);
}

/** SIGINT is a server's fast shutdown. False when there is no such process any more. */
function stopServer() {
  try {
    process.kill(pid, 'SIGINT');
    return true;
  } catch {
    return false;
  }
}

function finish() {
  if (removeAfter !== null) rmSync(removeAfter, { recursive: true, force: true });
  process.exit(0);
}

/** Who works on the server learns at the same moment that its parent is gone, and needs a moment to finish. */
function onParentGone() {
  setTimeout(stopUnlessTaken, 1_500);
}

function stopUnlessTaken() {
  if (read(ownerFile) !== owner) process.exit(0);
  if (!isServer() || !stopServer()) finish();
  const deadline = Date.now() + 30_000;
  setInterval(() => {
    if (!isServer() || Date.now() > deadline) finish();
  }, 50);
}

// Ctrl-C reaches this process too where it shares the terminal; the parent decides.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => {});
// Any message is the parent's word that it has stopped the server itself.
process.on('message', () => process.exit(0));
process.on('disconnect', onParentGone);
if (!process.connected) onParentGone();
