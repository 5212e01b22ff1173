const everyMs = 4000;
const patienceMs = 5000;

/** What the last reading said, by service, to tell only changes to people who listen rather than look. */
const lastStates = new Map();

/** Shows how the gateway and the services are, again and again while the page is looked at. */
export function watchServices() {
  let timer;
  const look = async () => {
    show(await readState());
    clearTimeout(timer);
    if (document.visibilityState === 'visible') timer = setTimeout(look, everyMs);
  };
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void look();
  });
  void look();
}

/** A reading for each service: `{ state: 'up' | 'down' | 'unknown', text }`. */
async function readState() {
  const startedAt = performance.now();
  try {
    const response = await fetch('/health/ready', {
      cache: 'no-store',
      signal: AbortSignal.timeout(patienceMs),
    });
    const health = await response.json();
    const latency = performance.now() - startedAt;
    const gateway = response.ok
      ? { state: 'up', text: `up · ${milliseconds(latency)}` }
      : { state: 'down', text: `${health.status ?? 'not ready'} · ${milliseconds(latency)}` };
    const services = (health.services ?? []).map(({ name, status, latencyMs }) => [
      name,
      { state: status, text: status === 'up' ? `up · ${milliseconds(latencyMs)}` : 'down' },
    ]);
    return new Map([['gateway', gateway], ...services]);
  } catch {
    return new Map([['gateway', { state: 'down', text: 'down' }]]);
  }
}

function milliseconds(duration) {
  return `${duration < 10 ? duration.toFixed(1) : Math.round(duration)} ms`;
}

function show(readings) {
  const changes = [];
  for (const element of document.querySelectorAll('[data-service]')) {
    const name = element.dataset.service;
    const { state, text } = readings.get(name) ?? { state: 'unknown', text: 'unknown' };
    element.dataset.state = state;
    const reading = element.querySelector('.reading');
    if (reading === null) continue;
    reading.textContent = text;
    if (lastStates.has(name) && lastStates.get(name) !== state) changes.push(`${name} is ${state}`);
    lastStates.set(name, state);
  }
  document.querySelector('#state-time').textContent = `, last at ${new Date().toLocaleTimeString()}`;
  if (changes.length > 0) document.querySelector('#state-change').textContent = changes.join(', ');
}
