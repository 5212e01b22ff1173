import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** A PDF's text as a reader sees it: page by page, row by row from the top, the words of a row from the left. */
export async function readPdf(bytes: Uint8Array): Promise<{ pages: string[][]; info: object }> {
  const task = getDocument({ data: new Uint8Array(bytes), verbosity: 0 });
  const file = await task.promise;
  const pages: string[][] = [];
  for (let number = 1; number <= file.numPages; number += 1) {
    const { items } = await (await file.getPage(number)).getTextContent();
    pages.push(rowsOf(items.flatMap((item) => ('str' in item ? [item] : []))));
  }
  const { info } = await file.getMetadata();
  await task.destroy();
  return { pages, info };
}

interface Piece {
  readonly str: string;
  /** Horizontal position at 4, height over the foot of the page at 5. */
  readonly transform: readonly number[];
}

/** Pieces of different sizes stand on one row when their feet are less than this apart. */
const rowTolerance = 3;

function rowsOf(pieces: readonly Piece[]): string[] {
  const rows: { foot: number; pieces: Piece[] }[] = [];
  for (const piece of pieces.filter(({ str }) => str.trim() !== '')) {
    const foot = piece.transform[5] ?? 0;
    const row = rows.find((known) => Math.abs(known.foot - foot) < rowTolerance);
    if (row === undefined) rows.push({ foot, pieces: [piece] });
    else row.pieces.push(piece);
  }
  const fromLeft = (a: Piece, b: Piece) => (a.transform[4] ?? 0) - (b.transform[4] ?? 0);
  return rows
    .toSorted((a, b) => b.foot - a.foot)
    .map((row) =>
      row.pieces
        .toSorted(fromLeft)
        .map(({ str }) => str.trim())
        .join(' '),
    );
}
