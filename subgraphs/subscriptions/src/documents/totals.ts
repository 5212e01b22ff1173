import type { Money } from '@fulfillment/kernel/domain/money';
import type { InvoiceDocument } from './invoice-document.js';
import { colors, page, type Paper, paragraphHeight, rule, writeLine, writeParagraph } from './paper.js';
import { type TaxGroup, taxGroups } from './tax-summary.js';
import { amountText, moneyText, taxNote } from './words.js';

interface TotalRow {
  readonly label: string;
  readonly value: string;
  /** How it stands out: a sum has a rule above it, and the last word is larger. */
  readonly weight: 'PART' | 'SUM' | 'RESULT';
}

const block = { x: 310, labelWidth: 140 };
const notes = { x: page.left, width: 225, style: { size: 8, color: colors.soft } };
const rowHeight = { PART: 16, SUM: 20, RESULT: 24 };

/** Net, tax by rate, total, and what was paid of it: kept together on one page. */
export function drawTotals(paper: Paper, document: InvoiceDocument, below: number): void {
  const groups = taxGroups(document.lines);
  const rows = totalRows(document, groups);
  const noteTexts = [...new Set(groups.map(taxNote))].filter((text) => text !== null);
  const height = Math.max(rowsHeight(rows), notesHeight(paper, noteTexts));
  const fits = below + 14 + height <= page.bottom;
  if (!fits) paper.addPage();
  const top = fits ? below + 14 : page.top;
  drawRows(paper, rows, top);
  drawNotes(paper, noteTexts, top + 2);
}

function totalRows(document: InvoiceDocument, groups: readonly TaxGroup[]): TotalRow[] {
  return [
    { label: 'Net', value: amountText(document.net), weight: 'PART' },
    ...groups.map((group) => taxRow(group)),
    { label: 'Total', value: moneyText(document.total), weight: 'SUM' },
    ...settlementRows(document),
  ];
}

/** What became of the total; what came to nothing is left out. */
function settlementRows({ kind, settlement }: InvoiceDocument): TotalRow[] {
  if (settlement === null) return [];
  const [paid, applied, left] =
    kind === 'INVOICE'
      ? ['Paid', 'Account credit applied', 'Amount due']
      : ['Refunded', 'Applied to invoices', 'Credit left'];
  const parts: readonly (readonly [string, Money])[] = [
    [paid, settlement.amountPaid],
    [applied, settlement.creditApplied],
    ['Written off', settlement.writtenOff],
  ];
  return [
    ...parts
      .filter(([, amount]) => amount.minor !== 0n)
      .map(([label, amount]) => ({ label, value: amountText(amount), weight: 'PART' as const })),
    { label: left, value: moneyText(settlement.amountDue), weight: 'RESULT' },
  ];
}

function taxRow({ rate, jurisdiction, net, amount }: TaxGroup): TotalRow {
  const label = `Tax ${rate}% ${jurisdiction} on ${amountText(net)}`;
  return { label, value: amountText(amount), weight: 'PART' };
}

function rowsHeight(rows: readonly TotalRow[]): number {
  return rows.reduce((height, { weight }) => height + rowHeight[weight], 0);
}

function drawRows(paper: Paper, rows: readonly TotalRow[], top: number): void {
  let y = top;
  for (const { label, value, weight } of rows) {
    const isPart = weight === 'PART';
    const style = { size: weight === 'RESULT' ? 11 : 9, font: isPart ? 'regular' : 'semiBold' } as const;
    if (!isPart) rule(paper, y, { from: block.x, color: weight === 'SUM' ? colors.line : colors.ink });
    const at = isPart ? y + 2 : y + 5;
    writeLine(paper, label, { x: block.x, y: at, width: block.labelWidth }, style);
    const valueX = block.x + block.labelWidth + 6;
    writeLine(paper, value, { x: valueX, y: at, width: page.right - valueX }, { ...style, align: 'right' });
    y += rowHeight[weight];
  }
}

function notesHeight(paper: Paper, texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + paragraphHeight(paper, text, notes.width, notes.style) + 4, 0);
}

function drawNotes(paper: Paper, texts: readonly string[], top: number): void {
  let y = top;
  for (const text of texts) {
    y = writeParagraph(paper, text, { x: notes.x, y, width: notes.width }, notes.style) + 4;
  }
}
