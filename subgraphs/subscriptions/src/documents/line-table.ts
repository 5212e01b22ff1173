import { setImmediate } from 'node:timers/promises';
import type { DocumentLine } from './invoice-document.js';
import { colors, page, type Paper, paragraphHeight, rule, writeLine, writeParagraph } from './paper.js';
import { amountText, periodText, quantityText, unitPriceText } from './words.js';

interface Column {
  readonly title: string;
  readonly x: number;
  readonly width: number;
  readonly align: 'left' | 'right';
}

const columns = {
  description: { title: 'Description', x: 48, width: 138, align: 'left' },
  period: { title: 'Service period', x: 194, width: 96, align: 'left' },
  quantity: { title: 'Quantity', x: 294, width: 36, align: 'right' },
  unitPrice: { title: 'Unit price', x: 336, width: 60, align: 'right' },
  amount: { title: 'Net amount', x: 402, width: 60, align: 'right' },
  rate: { title: 'Tax rate', x: 466, width: 30, align: 'right' },
  tax: { title: 'Tax', x: 500, width: 47, align: 'right' },
} as const satisfies Record<string, Column>;

const body = { size: 8.5 };
const padding = 6;
/** So many rows are drawn before others on this thread get their turn. */
const rowsAtOnce = 20;

/** Every line, over as many pages as it takes, each with the table's header. @returns the first y below it, on the last page */
export async function drawLines(paper: Paper, lines: readonly DocumentLine[], top: number): Promise<number> {
  let y = drawHeader(paper, top);
  for (const [index, line] of lines.entries()) {
    if (index % rowsAtOnce === rowsAtOnce - 1) await setImmediate();
    const height = rowHeight(paper, line);
    if (y + height > page.bottom) {
      paper.addPage();
      y = drawHeader(paper, page.top);
    }
    drawRow(paper, line, y + padding);
    y += height;
    rule(paper, y, { color: colors.faint, width: 0.75 });
  }
  return y;
}

function drawHeader(paper: Paper, y: number): number {
  for (const { title, x, width, align } of Object.values(columns)) {
    writeLine(paper, title, { x, y, width }, { size: 7.5, color: colors.soft, align });
  }
  rule(paper, y + 15);
  return y + 15;
}

function rowHeight(paper: Paper, { description }: DocumentLine): number {
  const text = paragraphHeight(paper, description, columns.description.width, body);
  return Math.max(text, 11) + 2 * padding;
}

function drawRow(paper: Paper, line: DocumentLine, y: number): void {
  const { description, period, quantity, unitPrice, amount, rate, tax } = columns;
  const price = line.unitPrice;
  writeParagraph(paper, line.description, { ...description, y }, body);
  drawCell(paper, period, y, line.servicePeriod === null ? '' : periodText(line.servicePeriod));
  drawCell(paper, quantity, y, quantityText(line.quantity));
  drawCell(
    paper,
    unitPrice,
    y,
    price === null ? '' : unitPriceText(price, line.amount.currency, line.pricePeriod),
  );
  drawCell(paper, amount, y, amountText(line.amount));
  drawCell(paper, rate, y, `${line.tax.rate}%`);
  drawCell(paper, tax, y, amountText(line.tax.amount));
}

function drawCell(paper: Paper, { x, width, align }: Column, y: number, text: string): void {
  writeLine(paper, text, { x, y, width }, { ...body, align });
}
