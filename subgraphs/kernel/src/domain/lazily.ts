/** How each part of an object is made out of what the object is given. */
export type Makers<Given, Parts extends object> = {
  readonly [Part in keyof Parts]: (given: Given) => Parts[Part];
};

/**
 * Makes objects each part of which is made when it is first asked for. A request has a loader and a reader for everything that
 * could be asked, and asks for little of it.
 */
export function lazily<Given, Parts extends object>(makers: Makers<Given, Parts>): (given: Given) => Parts {
  class Lazy {
    readonly made: Partial<Parts> = {};
    constructor(readonly given: Given) {}
  }
  for (const part of Object.keys(makers) as (keyof Parts)[]) {
    const make = makers[part];
    Object.defineProperty(Lazy.prototype, part, {
      get(this: Lazy) {
        return (this.made[part] ??= make(this.given));
      },
    });
  }
  return (given) => new Lazy(given) as unknown as Parts;
}
