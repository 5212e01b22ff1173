import { Agent, request as httpRequest } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { GeneratedRequest } from './generated-request.js';

/** What came back; `gone` where the client itself gave up. */
export type Outcome =
  | { readonly kind: 'answer'; readonly status: number; readonly type: string; readonly body: string }
  | { readonly kind: 'gone' };

/** Sends generated requests over kept connections. */
export function createSender(url: string, tokens: Readonly<Record<string, string>>) {
  const { hostname, port, host } = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });

  const send = (generated: GeneratedRequest): Promise<Outcome> =>
    new Promise((resolve, reject) => {
      const { method, path, body, delivery } = generated;
      const request = httpRequest({
        agent,
        hostname,
        port,
        method,
        path,
        headers: flat([
          ['host', host],
          ...authorization(generated, tokens),
          ...generated.headers,
          ...(body === undefined ? [] : [['content-length', String(body.length)] as const]),
        ]),
      });
      request.setTimeout(20_000, () => request.destroy(new Error('no answer within 20 s')));
      request.on('response', (response) => {
        buffer(response).then(
          (received) =>
            resolve({
              kind: 'answer',
              status: response.statusCode ?? 0,
              type: response.headers['content-type'] ?? '',
              body: received.toString(),
            }),
          reject,
        );
      });
      request.on('error', (error) => (delivery === 'given up' ? resolve({ kind: 'gone' }) : reject(error)));
      if (body === undefined) request.end();
      else if (delivery === 'whole') request.end(body);
      else {
        request.write(body.subarray(0, body.length / 2));
        const finish = () =>
          delivery === 'given up' ? request.destroy() : request.end(body.subarray(body.length / 2));
        setTimeout(finish, 5);
      }
    });
  return { send, close: () => agent.destroy() };
}

function authorization({ token }: GeneratedRequest, tokens: Readonly<Record<string, string>>) {
  if (token === 'none') return [];
  return [['authorization', `Bearer ${tokens[token] ?? 'a.b.c'}`] as const];
}

/** Names and values by turns: so a name may stand several times. */
function flat(headers: readonly (readonly [string, string])[]): string[] {
  return headers.flat();
}
