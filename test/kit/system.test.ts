import { serviceNames } from '@fulfillment/schema/events/topics';
import { describe, expect, it, test } from 'vitest';
import { startSystem } from './system.js';

const system = await startSystem();

const document = '{ partners { totalCount } }';

test('a request goes through the gateway to a service, on behalf of a viewer', async () => {
  const { data, errors, requestId } = await system.graphql({ audience: 'internal' }, document);
  expect(errors).toEqual([]);
  expect(data).toEqual({ partners: { totalCount: 0 } });
  expect(system.statements('partners', requestId)).toHaveLength(1);
  expect(system.statements('orders', requestId)).toEqual([]);
});

test('a service that was stopped is down until it is started again, at the same address', async () => {
  await system.stopService('partners');
  const { errors } = await system.graphql({ audience: 'internal' }, document);
  expect(errors).toMatchObject([{ extensions: { service: 'partners' } }]);
  await system.startService('partners');
  const { data } = await system.graphql({ audience: 'internal' }, document);
  expect(data).toEqual({ partners: { totalCount: 0 } });
});

describe.each(['gateway', ...serviceNames] as const)('%s tells anybody', (name) => {
  it.each([
    ['/health/live', 'live'],
    ['/health/ready', 'ready'],
  ])('at %s that it is %s', async (path, status) => {
    const response = await fetch(`${name === 'gateway' ? system.url : system.serviceUrl(name)}${path}`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ service: name, status });
  });
});

test('the gateway’s readiness names a service that is down and stays ready for the others', async () => {
  await system.stopService('partners');
  try {
    await expect
      .poll(async () => (await fetch(`${system.url}/health/ready`)).json())
      .toMatchObject({ status: 'degraded', services: expect.arrayContaining([stateOf('partners', 'down')]) });
  } finally {
    await system.startService('partners');
  }
});

const stateOf = (name: string, status: string) => expect.objectContaining({ name, status });
