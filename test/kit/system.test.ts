import { expect, test } from 'vitest';
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
