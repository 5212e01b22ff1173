import { BadResponse } from './bad-response.js';

const least = 4 * 1024;

/** Gathers the body of an answer. One that comes in one piece is never copied. */
export class BodyBytes {
  private held: Buffer | undefined;
  private heldBytes = 0;
  /** The last piece, which still lies where it was read. */
  private piece: Buffer | undefined;
  private from = 0;
  private to = 0;

  /** @param most the most bytes of a body */
  constructor(private readonly most: number) {}

  /**
   * So many bytes will come.
   * @throws BadResponse when they are too many
   */
  expect(bytes: number): void {
    if (bytes > this.most) throw new BadResponse(`an answer of more than ${this.most} bytes`);
  }

  /**
   * Takes a piece, and leaves it where it is until the next one or `keep`.
   * @throws BadResponse when the body is too large with it
   */
  add(bytes: Buffer, from: number, to: number): void {
    if (this.piece !== undefined) this.keep();
    this.expect(this.heldBytes + to - from);
    [this.piece, this.from, this.to] = [bytes, from, to];
  }

  /** Copies the last piece: what it lies in is overwritten. */
  keep(): void {
    if (this.piece === undefined) return;
    const bytes = this.heldBytes + this.to - this.from;
    const held = this.room(bytes);
    this.piece.copy(held, this.heldBytes, this.from, this.to);
    this.heldBytes = bytes;
    this.piece = undefined;
  }

  /** All of it as text; once. */
  takeText(): string {
    if (this.heldBytes === 0) {
      return this.piece === undefined ? '' : this.piece.toString('utf8', this.from, this.to);
    }
    this.keep();
    const text = this.held?.toString('utf8', 0, this.heldBytes) ?? '';
    this.held = undefined;
    return text;
  }

  /** What is held, with room for so many bytes in all: at least twice as much as before, so that little is copied twice. */
  private room(bytes: number): Buffer {
    const held = this.held;
    if (held !== undefined && held.length >= bytes) return held;
    const larger = Buffer.allocUnsafe(Math.max(bytes, least, 2 * (held?.length ?? 0)));
    held?.copy(larger, 0, 0, this.heldBytes);
    this.held = larger;
    return larger;
  }
}
