/** A page as it looks wherever it stands: in an id, a variable or an answer. All pages are equally long. */
export const pagePattern = /pg-\d{8}/;

/** Stands for any page in a text, and is as long as one. */
export const pageHole = 'pg-########';

/** The page of a number. */
export function pageName(number: number): string {
  return `pg-${String(number % 100_000_000).padStart(8, '0')}`;
}
