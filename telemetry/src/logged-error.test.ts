import { expect, it } from 'vitest';
import { loggedError } from './logged-error.js';

const secret = 'secret-4711';

it('says what happened and where, in whatever depth', () => {
  const logged = loggedError(
    new AggregateError([new TypeError('inner')], 'outer', { cause: new Error('why') }),
  );
  expect(logged).toMatchObject({
    type: 'AggregateError',
    message: 'outer',
    stack: expect.stringMatching(/^ {4}at .*logged-error\.test/) as string,
    errors: [{ type: 'TypeError', message: 'inner' }],
    cause: { type: 'Error', message: 'why' },
  });
});

it('leaves out the values that errors of a database carry, and keeps where they did not fit', () => {
  const driverError = { detail: `Key (number)=(${secret}) already exists.` };
  const error = Object.assign(new Error('duplicate key value violates unique constraint "invoice_number"'), {
    ...driverError,
    code: '23505',
    constraint: 'invoice_number',
    table: 'invoice',
    query: 'INSERT INTO invoice (number) VALUES ($1)',
    parameters: [secret],
    driverError,
  });
  const logged = loggedError(error);
  expect(logged).toMatchObject({
    code: '23505',
    constraint: 'invoice_number',
    table: 'invoice',
    query: error.query,
  });
  expect(JSON.stringify(logged)).not.toContain(secret);
});

it('does not repeat a message that quotes a value', () => {
  const error = Object.assign(new Error(`invalid input syntax for type uuid: "${secret}"`), {
    code: '22P02',
  });
  expect(JSON.stringify(loggedError(error))).not.toContain(secret);
  expect(loggedError(error)).toMatchObject({
    code: '22P02',
    message: expect.stringContaining('22P02') as string,
  });
});

it('takes what is no error, and circles, for what they are', () => {
  expect(loggedError(secret)).toEqual({ type: 'string' });
  const circle: Error & { cause?: unknown } = new Error('round');
  circle.cause = circle;
  expect(JSON.stringify(loggedError(circle)).match(/round/g)).toHaveLength(6);
});
