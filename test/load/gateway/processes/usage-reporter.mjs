// Loaded before a contender (`node --import`): tells the benchmark, when it asks, what the process has used so far, and
// counts requests to services while it is told to. Costs nothing while nobody asks. Ends the process with the benchmark.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** Every HTTP client of the contenders tells of its requests on one of these: ours, undici, Node's fetch, and Node's own. */
const channels = [
  'fulfillment:gateway:service-request',
  'undici:request:create',
  'http.client.request.start',
];

let serviceRequests = 0;
let counting = false;
const count = () => {
  serviceRequests += 1;
};

const answers = {
  usage() {
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed } = process.memoryUsage();
    return { cpuSeconds: (user + system) / 1e6, rssBytes: rss, heapBytes: heapUsed, serviceRequests };
  },
  /** Needs `node --expose-gc`. */
  collect() {
    globalThis.gc();
    globalThis.gc();
    return answers.usage();
  },
  count() {
    for (const channel of counting ? [] : channels) subscribe(channel, count);
    [counting, serviceRequests] = [true, 0];
    return answers.usage();
  },
  stopCounting() {
    for (const channel of counting ? channels : []) unsubscribe(channel, count);
    counting = false;
    return answers.usage();
  },
};

process.on('message', (question) => {
  if (Object.hasOwn(answers, question)) process.send({ question, ...answers[question]() });
});
process.on('disconnect', () => process.exit());
