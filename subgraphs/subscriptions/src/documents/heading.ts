import type { Party } from '../service/documents.js';
import { printable } from './fonts.js';
import type { InvoiceDocument } from './invoice-document.js';
import { type Box, colors, page, type Paper, rule, writeLine, writeParagraph } from './paper.js';
import { countryText, kindText, moneyText, titleText } from './words.js';

const label = { size: 8, color: colors.soft };
const factsAt = { x: 340, width: page.right - 340 };

/** The top of the first page: who sells, what it is, who pays, and how much by when. @returns the first y below it */
export function drawHeading(paper: Paper, document: InvoiceDocument): number {
  const right = { size: 24, font: 'semiBold', align: 'right' } as const;
  writeLine(paper, titleText(document), { x: factsAt.x, y: page.top - 8, width: factsAt.width }, right);
  const sellerEnds = drawParty(paper, document.seller, { x: page.left, y: page.top, width: 270 });
  const top = Math.max(sellerEnds, page.top + 34) + 16;
  rule(paper, top, { color: colors.ink, width: 1 });
  writeLine(paper, 'Billed to', { x: page.left, y: top + 19, width: 270 }, label);
  const partyEnds = drawParty(paper, document.buyer, { x: page.left, y: top + 31, width: 270 });
  const factsEnd = drawFacts(paper, document, top + 18);
  return drawDue(paper, document, Math.max(partyEnds, factsEnd) + 22);
}

function drawParty(paper: Paper, party: Party, box: Box): number {
  const y = writeParagraph(paper, party.name, box, { size: 11, font: 'semiBold' });
  return writeParagraph(paper, countryText(party.countryCode), { ...box, y: y + 1 }, { size: 9 });
}

function drawFacts(paper: Paper, document: InvoiceDocument, top: number): number {
  const facts: readonly (readonly [string, string | null])[] = [
    [`${kindText(document)} number`, document.number],
    ['Issued', document.issuedOn],
    ['Due', document.dueOn],
    ['Purchase order', document.purchaseOrderNumber],
  ];
  let y = top;
  for (const [name, value] of facts) {
    if (value === null) continue;
    writeLine(paper, name, { x: factsAt.x, y: y + 1, width: 90 }, label);
    const box = { x: factsAt.x + 90, y, width: factsAt.width - 90 };
    writeLine(paper, printable(value, 60), box, { size: 9, align: 'right' });
    y += 15;
  }
  return y;
}

function drawDue(paper: Paper, document: InvoiceDocument, y: number): number {
  const box = { x: page.left, y, width: page.right - page.left };
  writeLine(paper, dueText(document), box, { size: 15, font: 'semiBold' });
  return y + 36;
}

function dueText({ kind, mark, total, dueOn, settlement }: InvoiceDocument): string {
  if (kind === 'CREDIT_MEMO') return `${moneyText(total)} credit`;
  if (mark !== null || settlement === null) return moneyText(total);
  if (settlement.amountDue.minor <= 0n) return `${moneyText(total)} settled`;
  const due = `${moneyText(settlement.amountDue)} due`;
  return dueOn === null ? due : `${due} by ${dueOn}`;
}
