import PdfKit from 'pdfkit';
import { type FontName, fonts, printable } from './fonts.js';

/** A page as it is drawn on, in points (1/72 inch). */
export type Paper = InstanceType<typeof PdfKit>;

/** A4, and what lies within its margins. */
export const page = { left: 48, right: 547, top: 48, bottom: 786, footer: 800 };

export const colors = { ink: '#1b1f24', soft: '#667085', line: '#d0d5dd', faint: '#eef0f3' };

export interface TextStyle {
  readonly font?: FontName;
  readonly size: number;
  readonly color?: string;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** An empty document: its first page comes with `addPage`. Nothing in it depends on when or where it is made but `madeAt`. */
export function createPaper(facts: { title: string; author: string; madeAt: Date }): Paper {
  const paper = new PdfKit({
    size: 'A4',
    margin: 0,
    autoFirstPage: false,
    bufferPages: true,
    lang: 'en',
    displayTitle: true,
    info: { Title: facts.title, Author: facts.author, CreationDate: facts.madeAt, ModDate: facts.madeAt },
  });
  // pdfkit takes an open font as it takes a file; its types know the file alone.
  for (const [name, font] of Object.entries(fonts)) paper.registerFont(name, font as unknown as Buffer);
  return paper;
}

/** One line of text, made smaller where it does not fit, so that columns never run into each other. */
export function writeLine(
  paper: Paper,
  text: string,
  { x, y, width }: Box,
  style: TextStyle & { readonly align?: 'left' | 'right' },
): void {
  apply(paper, style);
  const natural = paper.widthOfString(text);
  const size = natural > width ? (style.size * width) / natural : style.size;
  const taken = Math.min(natural, width);
  const left = style.align === 'right' ? x + width - taken : x;
  paper.fontSize(size).text(text, left, y + (style.size - size), { lineBreak: false });
}

/** A text over as many lines as it needs. @returns the first y below it */
export function writeParagraph(paper: Paper, text: string, { x, y, width }: Box, style: TextStyle): number {
  const shown = printable(text);
  if (shown === '') return y;
  apply(paper, style);
  paper.text(shown, x, y, { width });
  return paper.y;
}

/** How high a paragraph will be. */
export function paragraphHeight(paper: Paper, text: string, width: number, style: TextStyle): number {
  apply(paper, style);
  return paper.heightOfString(printable(text), { width });
}

export function rule(
  paper: Paper,
  y: number,
  { from = page.left, color = colors.line, width = 0.5 } = {},
): void {
  paper.moveTo(from, y).lineTo(page.right, y).lineWidth(width).strokeColor(color).stroke();
}

function apply(paper: Paper, { font = 'regular', size, color = colors.ink }: TextStyle): void {
  paper.font(font).fontSize(size).fillColor(color);
}
