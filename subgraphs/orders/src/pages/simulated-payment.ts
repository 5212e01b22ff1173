import { isUuid } from '@fulfillment/kernel/domain/ids';
import { formatAmount } from '@fulfillment/kernel/domain/money';
import type { Page, PageAnswer } from '@fulfillment/kernel/server/pages';
import { type SimulatedMethod, simulatedMethods, type SimulatedPayment } from '../service/checkout/ports.js';
import {
  chooseSimulatedMethod,
  findSimulatedPayment,
  simulatedPagePath,
} from '../service/checkout/simulated-payments.js';
import type { RunTransaction } from '../service/ports.js';

/** The page of the simulated payment provider: it shows the amount, and the buyer chooses how the payment goes. */
export function simulatedPaymentPages(run: RunTransaction): readonly Page[] {
  return [
    {
      method: 'GET',
      path: `${simulatedPagePath}/:reference`,
      answer: async ({ reference = '' }) => show(run, reference),
    },
    {
      method: 'POST',
      path: `${simulatedPagePath}/:reference/:method`,
      answer: async ({ reference = '', method = '' }) => choose(run, reference, method),
    },
  ];
}

async function show(run: RunTransaction, reference: string): Promise<PageAnswer> {
  if (!isUuid(reference)) return null;
  const payment = await findSimulatedPayment(run, reference);
  return payment === null ? null : { html: documentOf(payment) };
}

async function choose(run: RunTransaction, reference: string, method: string): Promise<PageAnswer> {
  const known = simulatedMethods.find((one) => one === method);
  if (!isUuid(reference) || known === undefined) return null;
  const redirectTo = await chooseSimulatedMethod(run, reference, known);
  return redirectTo === null ? null : { redirectTo };
}

const labels: Readonly<Record<SimulatedMethod, string>> = {
  SUCCEEDS: 'Pay with a card that succeeds',
  DECLINES: 'Pay with a card that is declined',
  TIMES_OUT: 'Pay with a card that is never answered',
};

/** Nothing in it was written by anybody else: an amount, a currency and an id. */
function documentOf({ reference, amount }: SimulatedPayment): string {
  const forms = simulatedMethods.map(
    (method) =>
      `<form method="post" action="${simulatedPagePath}/${reference}/${method}"><button>${labels[method]}</button></form>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Simulated payment</title>
<style>body { font: 16px/1.5 sans-serif; max-width: 30em; margin: 3em auto; padding: 0 1em } button { font: inherit; padding: .5em 1em; margin: .25em 0 }</style>
<h1>${formatAmount(amount)} ${amount.currency}</h1>
<p>This page simulates a payment provider: no money is moved. Choose how the payment goes.</p>
${forms.join('\n')}
</html>
`;
}
