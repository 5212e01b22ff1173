import { createHmac } from 'node:crypto';
import type { LeadReceiver } from '../service/leads/ports.js';

/** Where leads are posted to, and the secret that they are signed with. */
export interface WebhookSettings {
  readonly url: string;
  readonly secret: string;
}

/** So long a receiver may take to answer: other leads wait for it meanwhile, and nothing else does. */
const patienceMilliseconds = 5_000;

/**
 * Posts each version of a lead as JSON, signed as Standard Webhooks 1.0 says: `webhook-id` (the same for the same version,
 * so that a receiver takes it once), `webhook-timestamp`, and `webhook-signature`, `v1,` and the HMAC-SHA256 of
 * `id.timestamp.body` in base64. Any answer but 2xx, or none within 5 seconds, counts as not taken.
 */
export function createWebhookReceiver({ url, secret }: WebhookSettings): LeadReceiver {
  return {
    name: 'webhook',
    async deliver(lead, version, at) {
      const id = `lead_${lead.id}_${version}`;
      const timestamp = Math.floor(at.getTime() / 1_000).toString();
      const body = JSON.stringify({
        type: 'lead.changed',
        timestamp: at.toISOString(),
        data: { ...lead, version },
      });
      const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
      const answer = await fetch(url, {
        method: 'POST',
        redirect: 'error',
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          'webhook-signature': `v1,${signature}`,
        },
        body,
        signal: AbortSignal.timeout(patienceMilliseconds),
      });
      await answer.body?.cancel();
      if (!answer.ok) throw new Error(`The receiver of leads answered with status ${answer.status}`);
    },
  };
}
