import { parseArgs } from 'node:util';
import { contenderNames, type ContenderName } from './contenders.js';
import { graphNames, type GraphName } from './graphs/graph.js';

export const usage = `Measures our gateway beside others, over the same services, in one go.

  npm run bench:gateway -- [options]

  --seconds N        how long a round is (1)
  --rounds N         how many rounds of each kind, in turns (3)
  --connections N,…  how many clients ask at the same time (1,50)
  --graphs NAME,…    ${graphNames.join(', ')} (both)
  --only NAME,…      ours and these: ${contenderNames.join(', ')} (all)
  --save             keep the result and its chart in the repository (needs all of the above as it is)
`;

export interface BenchOptions {
  readonly seconds: number;
  readonly rounds: number;
  readonly connections: readonly number[];
  readonly graphs: readonly GraphName[];
  /** Ours is always among them: it is what the others are held against. */
  readonly contenders: readonly ContenderName[];
  readonly save: boolean;
}

/**
 * Reads the command line; null when help is asked for.
 * @throws an error for people that names the option and what it takes
 */
export function readOptions(args: readonly string[]): BenchOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '1' },
      rounds: { type: 'string', default: '3' },
      connections: { type: 'string', default: '1,50' },
      graphs: { type: 'string' },
      only: { type: 'string' },
      save: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const only = values.only === undefined ? contenderNames : names('--only', values.only, contenderNames);
  const graphs = values.graphs === undefined ? graphNames : names('--graphs', values.graphs, graphNames);
  if (
    values.save &&
    (values.only !== undefined || values.graphs !== undefined || values.connections !== '1,50')
  ) {
    throw new Error('--save keeps a whole result: leave out --only, --graphs and --connections.');
  }
  return {
    seconds: positive('--seconds', values.seconds),
    rounds: whole('--rounds', values.rounds),
    connections: values.connections.split(',').map((text) => whole('--connections', text)),
    graphs,
    contenders: contenderNames.filter((name) => name === 'ours' || only.includes(name)),
    save: values.save,
  };
}

function names<Name extends string>(option: string, text: string, known: readonly Name[]): Name[] {
  return text.split(',').map((given) => {
    const name = known.find((one) => one === given);
    if (name === undefined) throw new Error(`${option} ${given}: must be of ${known.join(', ')}`);
    return name;
  });
}

function positive(option: string, text: string): number {
  const number = Number(text);
  if (!(number > 0 && number <= 600))
    throw new Error(`${option} ${text}: must be a number above 0, at most 600`);
  return number;
}

function whole(option: string, text: string): number {
  const number = positive(option, text);
  if (!Number.isInteger(number)) throw new Error(`${option} ${text}: must be a whole number`);
  return number;
}
