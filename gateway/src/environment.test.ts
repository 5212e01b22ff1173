import { describe, expect, it } from 'vitest';
import { createKey } from '../test/kit/identity.js';
import { EnvironmentError, readEnvironment } from './environment.js';

const key = await createKey('gateway-1');
const complete = {
  IDENTITY_JWKS_URL: 'file:///keys/jwks.json',
  IDENTITY_ISSUER: 'https://identity.fulfillment.example',
  VIEWER_SIGNING_KEY: JSON.stringify(key.privateJwk),
  ORDERS_URL: 'http://127.0.0.1:4001',
  SUBSCRIPTIONS_URL: 'http://127.0.0.1:4002',
  LICENSES_URL: 'http://127.0.0.1:4003',
  PARTNERS_URL: 'https://partners.internal/base',
};

describe('readEnvironment', () => {
  it('fills in what may be left out', () => {
    expect(readEnvironment(complete)).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 4000,
      SUBGRAPH_TIMEOUT_MS: 10_000,
      LOG_LEVEL: 'info',
      VIEWER_SIGNING_KEY: { kid: 'gateway-1', crv: 'Ed25519' },
      SERVICES: { orders: 'http://127.0.0.1:4001', partners: 'https://partners.internal/base' },
    });
  });

  it('takes any services in place of the four', () => {
    const { ORDERS_URL: _unused, ...rest } = complete;
    const read = (services: string) => readEnvironment({ ...rest, SERVICES: services });
    expect(read('{"users":"http://127.0.0.1:5001"}').SERVICES).toEqual({ users: 'http://127.0.0.1:5001' });
    for (const wrong of ['', 'users', '[]', '{}', '{"users":"ftp://x"}', '{"users":1}']) {
      expect(() => read(wrong)).toThrow(
        /SERVICES: must be a JSON object of the base address of each service/,
      );
    }
  });

  it('tells every problem at once, by name and expectation, and shows no value', () => {
    const read = () =>
      readEnvironment({
        PORT: 'http',
        IDENTITY_JWKS_URL: 'ftp://x',
        VIEWER_SIGNING_KEY: '{"kty":"secret"}',
        ORDERS_URL: 'orders',
        LOG_LEVEL: 'loud',
        SUBGRAPH_TIMEOUT_MS: '0',
      });
    expect(read).toThrow(EnvironmentError);
    expect(() => read()).toThrowErrorMatchingInlineSnapshot(`
      [EnvironmentError: The gateway's environment is not complete:
        PORT: must be a number from 0 to 65535
        IDENTITY_JWKS_URL: must be the http(s): or file: address of a JSON Web Key Set
        IDENTITY_ISSUER: must be the issuer (iss) of client tokens
        VIEWER_SIGNING_KEY: must be a private Ed25519 JSON Web Key: {"kty":"OKP","crv":"Ed25519","kid":…,"x":…,"d":…}
        SUBGRAPH_TIMEOUT_MS: must be at least 1 millisecond
        LOG_LEVEL: must be one of fatal, error, warn, info, debug, silent
        ORDERS_URL: must be the base address of the service, for example http://127.0.0.1:4001
        SUBSCRIPTIONS_URL: must be the base address of the service, for example http://127.0.0.1:4002
        LICENSES_URL: must be the base address of the service, for example http://127.0.0.1:4003
        PARTNERS_URL: must be the base address of the service, for example http://127.0.0.1:4004]
    `);
  });
});
