import type { Audience } from '@fulfillment/schema/audience';
import { writeJson } from '../files.js';
import type { DemoPointers } from '../seeding/demo-pointers.js';
import type { Identity } from './identity.js';

/** One token for each kind of client, for the demo account with all of its deployments and the demo partner. */
export async function demoTokens(identity: Identity, demo: DemoPointers): Promise<Record<Audience, string>> {
  const [product, internal, partner] = await Promise.all([
    identity.issueToken({ audience: 'product', account: demo.product.accountId }),
    identity.issueToken({ audience: 'internal' }),
    identity.issueToken({ audience: 'partner', partner: demo.partner.partnerId }),
  ]);
  return { product, internal, partner };
}

/**
 * Keeps a file of fresh demo tokens and of what they are about, which the explorer at the gateway's root page fills in
 * (the gateway's `demoFileSchema`): they are renewed long before they expire. A renewal that fails is reported and
 * tried again an hour later. Returns what ends the renewal.
 */
export async function keepExplorerTokens(
  file: string,
  identity: Identity,
  demo: DemoPointers,
  report: (message: string) => void,
): Promise<() => void> {
  const write = async () => writeJson(file, { tokens: await demoTokens(identity, demo), demo });
  await write();
  const hour = 60 * 60 * 1000;
  const renew = () =>
    write().catch((error: unknown) =>
      report(
        `✗ the explorer's tokens could not be renewed: ${error instanceof Error ? error.message : String(error)}`,
      ),
    );
  const timer = setInterval(() => void renew(), hour);
  timer.unref();
  return () => clearInterval(timer);
}
