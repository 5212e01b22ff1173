import { describe, expect, test } from 'vitest';
import {
  type Contact,
  type ContactPerson,
  judgeContactPerson,
  payersAddressError,
  succeeded,
} from './contact.js';

const at = new Date('2026-11-23T09:00:00.000Z');
const later = new Date('2026-11-24T09:00:00.000Z');
const ada: ContactPerson = { name: 'Ada Berg', email: 'ada@customer.example', language: 'en' };
const ben: ContactPerson = { name: 'Ben Roth', email: 'ben@customer.example', language: 'de' };
const change = (person: ContactPerson, when = at) => ({
  accountId: 'account',
  role: 'SOLD_TO' as const,
  person,
  newId: 'new',
  at: when,
  by: 'product:ada',
});
const present: Contact = {
  id: 'contact',
  accountId: 'account',
  role: 'SOLD_TO',
  ...ada,
  version: 3,
  since: at,
  until: null,
  setBy: 'internal:jane',
};

describe('a contact', () => {
  test('is the first of its role', () => {
    expect(succeeded(null, change(ada))).toEqual({
      ended: null,
      contact: { ...present, id: 'new', version: 1, setBy: 'product:ada' },
    });
  });

  test('is another person from an instant on, at which the one before ends', () => {
    expect(succeeded(present, change(ben, later))).toEqual({
      ended: { ...present, until: later },
      contact: { ...present, ...ben, version: 4, since: later, setBy: 'product:ada' },
    });
  });

  test('never ends before it began, when a clock was set back', () => {
    const step = succeeded({ ...present, since: later }, change(ben, at));
    expect([step?.ended?.until, step?.contact.since]).toEqual([later, later]);
  });

  test('that is the same person stays as it is', () => {
    expect(succeeded(present, change({ ...ada }, later))).toBeNull();
    expect(succeeded(present, change({ ...ada, language: 'de' }, later))).not.toBeNull();
  });
});

describe('a person', () => {
  const person = { name: 'Ada Berg', email: 'ada@customer.example' };

  test.each([
    [null, 'en'],
    ['de', 'de'],
    ['pt-br', 'pt-BR'],
    ['ZH-hans-cn', 'zh-Hans-CN'],
  ])('who reads %s is written to in %s', (language, expected) => {
    expect(judgeContactPerson({ ...person, language })).toEqual({
      ok: true,
      value: { ...person, language: expected },
    });
  });

  test.each([
    [{ name: '' }, ['name']],
    [{ name: 'x'.repeat(256) }, ['name']],
    [{ name: 'Ada\nBerg' }, ['name']],
    [{ email: 'ada' }, ['email']],
    [{ email: 'ada@customer.example\r\nBcc: eve@example.com' }, ['email']],
    [{ language: '' }, ['language']],
    [{ language: 'german please' }, ['language']],
    [{ language: `de-${'x'.repeat(40)}` }, ['language']],
    [{ name: '', email: '', language: '-' }, ['name', 'email', 'language']],
  ])('with %j is refused', (wrong, fields) => {
    const judged = judgeContactPerson({ ...person, ...wrong }, ['soldToContact']);
    expect(judged.ok ? [] : judged.error.map(({ field }) => field)).toEqual(
      fields.map((field) => ['soldToContact', field]),
    );
  });

  test.each([
    ['SOLD_TO', 'Bills@Partner.example', 'CONTACT_OF_PAYER'],
    ['SOLD_TO', 'ada@customer.example', undefined],
    ['BILLING', 'bills@partner.example', undefined],
  ] as const)('as %s with the address %s is refused by %s', (role, email, code) => {
    const facts = { addressesOfPayers: ['bills@partner.example'] };
    expect(payersAddressError(role, { ...ada, email }, facts)?.code).toBe(code);
  });
});
