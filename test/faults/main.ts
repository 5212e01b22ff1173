import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runFaults } from './fault-run.js';
import { reportText, violationsIn } from './report.js';

const usage = `Places orders while every process, the bus and the database server are killed at random, and checks what is left.

  npm run test:faults -- [options]

  --orders N    how many orders (10000)
  --clients N   how many clients place them at the same moment (8)
  --seed TEXT   the seed of an earlier run: the same orders, and the same kills in the same order
`;

const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '10000' },
    clients: { type: 'string', default: '8' },
    seed: { type: 'string', default: randomBytes(4).toString('hex') },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(usage);
} else {
  process.stdout.write(`seed ${values.seed}\n`);
  let toldAt = performance.now();
  const report = await runFaults({
    orders: count(values.orders),
    clients: count(values.clients),
    seed: values.seed,
    between: { low: 1_000, high: 8_000 },
    dead: { low: 0, high: 1_500 },
    patience: 300_000,
    onProgress: (placed, kills) => {
      if (performance.now() - toldAt < 10_000) return;
      toldAt = performance.now();
      process.stdout.write(`… ${placed} of ${values.orders} orders, ${kills} kills\n`);
    },
  });
  process.stdout.write(`${reportText(report)}\n`);
  process.exitCode = violationsIn(report) === 0 ? 0 : 1;
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`Not a count: ${text}\n\n${usage}`);
  return number;
}
