/** What a server sent is no HTTP answer, or one of which it is not certain where it ends. Its connection is of no more use. */
export class BadResponse extends Error {
  override name = 'BadResponse';
}
