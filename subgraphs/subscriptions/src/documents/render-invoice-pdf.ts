import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { printable } from './fonts.js';
import { drawHeading } from './heading.js';
import type { InvoiceDocument } from './invoice-document.js';
import { drawLines } from './line-table.js';
import { colors, createPaper, page, type Paper, rule, writeLine } from './paper.js';
import { drawTotals } from './totals.js';
import { titleText } from './words.js';

/**
 * An invoice or credit memo as a PDF of A4 pages. The same document gives the same bytes. Names in scripts that the fonts lack
 * (Chinese, Arabic and others) show a placeholder for each letter; texts end after 400 letters.
 */
export function renderInvoicePdf(document: InvoiceDocument): Promise<Uint8Array> {
  const drawn = previous.then(() => setImmediate()).then(() => draw(document));
  previous = drawn.catch(() => undefined);
  return drawn;
}

/** Drawing keeps this thread busy: of many documents one is drawn at a time, and others on the thread get their turn in between. */
let previous: Promise<unknown> = Promise.resolve();

async function draw(document: InvoiceDocument): Promise<Uint8Array> {
  const title = printable(`${titleText(document)} ${document.number ?? ''}`, 80);
  const seller = printable(document.seller.name);
  const paper = createPaper({ title, author: seller, madeAt: document.postedAt });
  const bytes = buffer(paper);
  paper.addPage();
  const headingEnds = drawHeading(paper, document);
  const linesEnd = await drawLines(paper, document.lines, headingEnds);
  drawTotals(paper, document, linesEnd);
  drawFooters(paper, `${seller} · ${title}`);
  paper.end();
  return bytes;
}

function drawFooters(paper: Paper, text: string): void {
  const { start, count } = paper.bufferedPageRange();
  const style = { size: 7.5, color: colors.soft };
  for (let index = 0; index < count; index += 1) {
    paper.switchToPage(start + index);
    rule(paper, page.footer);
    writeLine(paper, text, { x: page.left, y: page.footer + 6, width: 400 }, style);
    const place = { x: page.right - 90, y: page.footer + 6, width: 90 };
    writeLine(paper, `Page ${index + 1} of ${count}`, place, { ...style, align: 'right' });
  }
}
