import type { StandIn } from './subgraphs.js';

interface Review {
  readonly place: number;
  readonly author: number;
  readonly product: number;
  readonly body: string;
}

const people = ['Ada', 'Grace', 'Edsger', 'Barbara', 'Alan', 'Donald'];
const goods = ['Table', 'Couch', 'Glass', 'Chair', 'Headset', 'Keyboard', 'Screen', 'Lamp', 'Shelf'];
const opinions = ['Love it!', 'Too expensive.', 'Could be better.', 'Prefer something else.'];

/** Who wrote about what: each person about two things at least, and most things have more than one review. */
const reviews: readonly Review[] = [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5].map((author, place) => ({
  place,
  author,
  product: (place * 4) % goods.length,
  body: opinions[place % opinions.length] ?? '',
}));

interface Reference {
  readonly id?: string;
  readonly upc?: string;
  readonly price?: number;
  readonly weight?: number;
}

interface Listed {
  readonly first: number;
}

interface Paged extends Listed {
  readonly page: string;
}

/** An id is the page, a letter for its kind and its place: pg-00000042-u3. */
const idOf = (page: string, kind: 'u' | 'p' | 'r', place: number) => `${page}-${kind}${place}`;
const pageOf = (id: string) => id.slice(0, id.lastIndexOf('-'));
const placeOf = (id: string) => Number(id.slice(id.lastIndexOf('-') + 2));

function user(id: string) {
  const name = people[placeOf(id)] ?? '';
  return { id, name, username: `${name.toLowerCase()}-${placeOf(id)}`, birthday: 1900 + placeOf(id) };
}

function product(upc: string) {
  const place = placeOf(upc);
  return { upc, name: goods[place], price: 100 + 199 * place, weight: 50 + 100 * place };
}

function review(page: string, { place, author, product, body }: Review) {
  const username = user(idOf(page, 'u', author)).username;
  return {
    id: idOf(page, 'r', place),
    body,
    author: { id: idOf(page, 'u', author), username },
    product: { upc: idOf(page, 'p', product) },
  };
}

/** What each service answers. Pure: everything follows from the page in the request. */
export const standInResolvers = {
  users: {
    Query: {
      users: (_: unknown, { page, first }: Paged) =>
        people.slice(0, first).map((_, place) => user(idOf(page, 'u', place))),
    },
    User: { __resolveReference: ({ id = '' }: Reference) => user(id) },
  },
  products: {
    Query: {
      topProducts: (_: unknown, { page, first }: Paged) =>
        goods.slice(0, first).map((_, place) => product(idOf(page, 'p', place))),
    },
    Product: { __resolveReference: ({ upc = '' }: Reference) => product(upc) },
  },
  inventory: {
    Product: {
      __resolveReference: (reference: Reference) => reference,
      inStock: ({ upc = '' }: Reference) => placeOf(upc) % 3 !== 0,
      shippingEstimate: ({ price = 0, weight = 0 }: Reference) => (price > 1_000 ? 0 : weight / 2),
    },
  },
  reviews: {
    Review: { __resolveReference: ({ id = '' }: Reference) => reviewOf(id) },
    User: {
      __resolveReference: (reference: Reference) => reference,
      reviews: ({ id = '' }: Reference, { first }: Listed) =>
        reviewsOf(pageOf(id), first, ({ author }) => author === placeOf(id)),
    },
    Product: {
      __resolveReference: (reference: Reference) => reference,
      reviews: ({ upc = '' }: Reference, { first }: Listed) =>
        reviewsOf(pageOf(upc), first, ({ product }) => product === placeOf(upc)),
    },
  },
} satisfies Record<StandIn, object>;

function reviewsOf(page: string, first: number, are: (review: Review) => boolean) {
  return reviews
    .filter(are)
    .slice(0, first)
    .map((one) => review(page, one));
}

function reviewOf(id: string) {
  const found = reviews[placeOf(id)];
  return found === undefined ? null : review(pageOf(id), found);
}
