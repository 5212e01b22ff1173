import { parseArgs } from 'node:util';
import { processNames } from '../kit/process-group.js';
import { benchReport } from './bench-report.js';
import { benchBilling, billingText } from './billing/billing-bench.js';
import { startLoadSystem } from './load-system.js';
import { benchOrders } from './order-bench.js';

const usage = `Measures ordering through the gateway, each figure beside its floor on this machine.

  npm run bench:orders -- [options]

  --clients N        how many clients place orders at the same moment (16)
  --rounds N         how many rounds of each kind, in turns (3)
  --seconds N        how long a round is (15)
  --accounts N       how many accounts there are to buy (500)
  --subscriptions N  how many a billing run bills afterwards (100000); 0 leaves it out
  --profile DIR      write a CPU profile of each process there
`;

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '16' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '15' },
    accounts: { type: 'string', default: '500' },
    subscriptions: { type: 'string', default: '100000' },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(usage);
} else {
  const clients = count(values.clients);
  const { profile } = values;
  const moreArguments = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const system = await startLoadSystem(count(values.accounts), { moreArguments });
  try {
    const bench = await benchOrders(system, {
      clients,
      rounds: count(values.rounds),
      seconds: count(values.seconds),
      onRound: (text) => process.stdout.write(`… ${text}\n`),
    });
    process.stdout.write(`\n${benchReport(bench, clients)}\n`);
    if (values.subscriptions !== '0') {
      await Promise.all(processNames.map((name) => system.processes.stop(name)));
      const billing = await benchBilling(system, count(values.subscriptions));
      process.stdout.write(`\n${billingText(billing)}\n`);
    }
  } finally {
    await system.stop();
  }
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`Not a count: ${text}\n\n${usage}`);
  return number;
}
