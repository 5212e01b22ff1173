import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { checkoutSettings, readEnvironment, webhookSettings } from './environment.js';

beforeEach(() => {
  vi.stubEnv('PORT', '4001');
  vi.stubEnv('DATABASE_URL', 'postgres://localhost/orders');
  vi.stubEnv('BUS_DATABASE_URL', 'postgres://localhost/bus');
  vi.stubEnv('VIEWER_JWKS', '{"keys":[{}]}');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

test('what is not said of checkout is as on a developer’s machine', () => {
  expect(checkoutSettings(readEnvironment())).toEqual({
    returnOrigins: ['http://localhost:3000'],
    pageOrigin: 'http://localhost:4001',
  });
});

test('origins are a list', () => {
  vi.stubEnv('CHECKOUT_RETURN_ORIGINS', 'https://app.example.com, https://shop.example.com:8443');
  vi.stubEnv('PAYMENT_PAGE_ORIGIN', 'https://pay.example.com');
  expect(checkoutSettings(readEnvironment())).toEqual({
    returnOrigins: ['https://app.example.com', 'https://shop.example.com:8443'],
    pageOrigin: 'https://pay.example.com',
  });
});

test.each([
  'https://app.example.com/',
  'https://app.example.com/path',
  'https://*.example.com',
  'app.example.com',
  'javascript:alert(1)',
])('%s is no origin', (text) => {
  vi.stubEnv('CHECKOUT_RETURN_ORIGINS', text);
  expect(() => readEnvironment()).toThrow('CHECKOUT_RETURN_ORIGINS');
});

test('leads go nowhere unless an address is given, and never without a secret', () => {
  expect(webhookSettings(readEnvironment())).toBeNull();
  vi.stubEnv('LEAD_WEBHOOK_URL', 'https://crm.example.com/leads');
  expect(() => readEnvironment()).toThrow('LEAD_WEBHOOK_SECRET');
  vi.stubEnv('LEAD_WEBHOOK_SECRET', 'a secret of sixteen letters');
  expect(webhookSettings(readEnvironment())).toEqual({
    url: 'https://crm.example.com/leads',
    secret: 'a secret of sixteen letters',
  });
  vi.stubEnv('LEAD_WEBHOOK_URL', 'file:///etc/passwd');
  expect(() => readEnvironment()).toThrow('LEAD_WEBHOOK_URL');
});
