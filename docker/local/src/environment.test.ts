import { describe, expect, it } from 'vitest';
import { readEnvironment } from './environment.js';

describe('readEnvironment', () => {
  it('has a default for everything', () => {
    expect(readEnvironment({ PORT: '' })).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 4000,
      POSTGRES_PORT: 4005,
      LOG_LEVEL: 'info',
      dataFolder: expect.stringMatching(/\.data$/),
    });
  });

  it.each([
    [{ PORT: 'web' }, /PORT/],
    [{ ORDERS_PORT: '0' }, /ORDERS_PORT/],
    [{ POSTGRES_PORT: '65536' }, /POSTGRES_PORT/],
    [{ DATABASE_URL: 'mysql://root@localhost/db' }, /DATABASE_URL: must name a server/],
    [{ DATABASE_URL: 'postgres:///db?host=/run/postgresql' }, /DATABASE_URL: must name a server/],
    [{ LOG_LEVEL: 'loud' }, /LOG_LEVEL/],
  ])('refuses %j', (source, message) => {
    expect(() => readEnvironment(source)).toThrow(message);
  });

  it('takes a server of the user', () => {
    const url = 'postgresql://me:secret@db.example:5432/postgres?sslmode=require';
    expect(readEnvironment({ DATABASE_URL: url }).DATABASE_URL).toBe(url);
  });
});
