import { contenderTitles } from './contenders.js';
import type { BenchResult, Figures, Scenario } from './result.js';

const width = 860;
const labelWidth = 270;
const valueWidth = 80;
const barWidth = width - labelWidth - valueWidth - 40;
const barHeight = 16;
const rowHeight = 22;
const panelGap = 34;
const headHeight = 56;

const panelTitles: Readonly<Record<string, string>> = {
  deep: 'deep query, 16 fetches',
  small: 'small query, 5 fetches',
  entitlements: 'product Entitlements over our four services',
};

/**
 * Draws the CPU time of each gateway as bars: a panel for each query with distinct and with identical requests, at the
 * highest number of connections. Pure: the same result gives the same SVG, readable on a light and on a dark page.
 */
export function benchChart({ machine, scenarios }: BenchResult): string {
  const most = Math.max(...scenarios.map(({ connections }) => connections));
  const shown = scenarios.filter(({ connections }) => connections === most);
  const panels: string[] = [];
  let top = headHeight;
  for (const scenario of shown) {
    panels.push(`<g transform="translate(20 ${top})">${panel(scenario)}</g>`);
    top += panelGap + scenario.figures.length * rowHeight;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${top}" width="${width}" height="${top}" role="img" aria-label="CPU seconds per 1,000 requests by gateway">`,
    style,
    `<text class="title" x="20" y="26">CPU seconds of the gateway per 1,000 requests (less is better)</text>`,
    `<text class="note" x="20" y="44">${escape(`${most} connections, Node ${machine.node}, ${machine.cpu}, measured on ${machine.measuredOn}`)}</text>`,
    ...panels,
    '</svg>',
    '',
  ].join('\n');
}

const style = `<style>
text { font: 12px system-ui, sans-serif; fill: #1f2328 }
.title { font-size: 15px; font-weight: 600 }
.panel { font-weight: 600 }
.note { fill: #59636e }
.peer { fill: #8c959f }
.ours { fill: #1a7f37 }
.floor { fill: #d0d7de }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc }
  .note { fill: #9198a1 }
  .peer { fill: #656c76 }
  .ours { fill: #3fb950 }
  .floor { fill: #3d444d }
}
</style>`;

function panel(scenario: Scenario): string {
  const { figures, query, requests } = scenario;
  const longest = Math.max(...figures.map(({ cpuSecondsPer1000 }) => cpuSecondsPer1000));
  const title = `${panelTitles[query] ?? query}: ${requests} requests`;
  const bars = figures.map((one, place) => bar(one, longest, 10 + place * rowHeight));
  return [`<text class="panel" x="0" y="0">${escape(title)}</text>`, ...bars].join('\n');
}

function bar({ contender, cpuSecondsPer1000 }: Figures, longest: number, y: number): string {
  const length = Math.max(1, (cpuSecondsPer1000 / longest) * barWidth).toFixed(1);
  const kind = contender === 'ours' ? 'ours' : contender.startsWith('floor') ? 'floor' : 'peer';
  const middle = y + barHeight - 4;
  return [
    `<text x="0" y="${middle}">${escape(contenderTitles[contender])}</text>`,
    `<rect class="${kind}" x="${labelWidth}" y="${y}" width="${length}" height="${barHeight}" rx="2"/>`,
    `<text x="${labelWidth + Number(length) + 6}" y="${middle}">${readable(cpuSecondsPer1000)}</text>`,
  ].join('');
}

/** Three digits that mean something: 21.8, 3.78, 0.098. */
export function readable(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
