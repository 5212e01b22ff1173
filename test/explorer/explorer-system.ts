import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironment } from '@fulfillment/gateway/environment';
import { startGateway } from '@fulfillment/gateway/start';
import { deploymentId, resolversOf } from '../../gateway/test/kit/data.js';
import {
  accountId,
  claims,
  createIdentity,
  createKey,
  issuer,
  partnerId,
} from '../../gateway/test/kit/identity.js';
import { startStandIn } from '../../gateway/test/kit/stand-in.js';

/** The scopes of the usual token of each audience. */
const scopes = {
  internal: 'accounts:read contacts:read orders:read orders:place billing:read licenses:read partners:read',
  partner: 'orders:place billing:read commissions:read',
};

/**
 * The real gateway with its explorer, real tokens and real HTTP, over stand-ins of the four services that know one
 * customer. With `demo` the gateway gets the file of demo tokens, as a local start gives it.
 */
export async function startExplorerSystem({
  demo,
  port = 0,
}: {
  readonly demo: boolean;
  readonly port?: number;
}) {
  const folder = await mkdtemp(join(tmpdir(), 'explorer-'));
  const tokensFile = join(folder, 'explorer-tokens.json');
  const [identity, viewerKey, orders, subscriptions, licenses, partners] = await Promise.all([
    createIdentity(),
    createKey('gateway-1'),
    startStandIn('orders', resolversOf.orders),
    startStandIn('subscriptions', resolversOf.subscriptions),
    startStandIn('licenses', resolversOf.licenses),
    startStandIn('partners', resolversOf.partners),
  ]);
  const tokens = {
    product: await identity.key.sign(claims.product()),
    internal: await identity.key.sign(claims.internal(scopes.internal)),
    partner: await identity.key.sign(claims.partner(scopes.partner)),
  };
  await writeFile(tokensFile, JSON.stringify({ tokens, demo: demoPointers }));
  const gateway = await startGateway(
    readEnvironment({
      PORT: String(port),
      LOG_LEVEL: 'silent',
      IDENTITY_JWKS_URL: identity.jwksUrl,
      IDENTITY_ISSUER: issuer,
      VIEWER_SIGNING_KEY: JSON.stringify({ ...viewerKey.privateJwk, kty: 'OKP' }),
      ORDERS_URL: orders.url,
      SUBSCRIPTIONS_URL: subscriptions.url,
      LICENSES_URL: licenses.url,
      PARTNERS_URL: partners.url,
      INTROSPECTION: 'product,internal,partner',
      ...(demo ? { EXPLORER_TOKENS_FILE: tokensFile } : {}),
    }),
  );
  return {
    url: gateway.url,
    tokens,
    services: { orders, subscriptions, licenses, partners },
    close: async () => {
      await gateway.close();
      await Promise.all([orders, subscriptions, licenses, partners].map((service) => service.stop()));
      await rm(folder, { recursive: true });
    },
  };
}

/** Where the stand-ins have something to show. */
const demoPointers = {
  product: {
    accountId,
    accountName: 'Acme',
    deployment: { id: deploymentId, kind: 'SAAS_NAMESPACE', externalId: 'acme' },
  },
  partner: { partnerId, partnerName: 'Reseller' },
};
