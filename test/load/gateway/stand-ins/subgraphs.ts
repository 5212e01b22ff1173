/**
 * Four services in the shape of the public federation benchmark: users, products, inventory, reviews.
 *
 * Every root field takes a page, and every id carries its page, so that requests for two pages share neither an answer nor
 * a fetch. Lists say how long they may be, which limits on the cost of a query go by. Tags let our gateway's audiences see everything; the other gateways pay them no heed.
 */
const link = (imports: readonly string[]) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ${JSON.stringify(imports)})\n`;

/** As long as `first` says. */
const sized = '@listSize(slicingArguments: ["first"], requireOneSlicingArgument: false)';

/** By every audience of our gateway. */
const seen = ['product', 'internal', 'partner'].map((audience) => `@tag(name: "${audience}")`).join(' ');

/** The SDL of each service by its name. */
export const standInSdl = {
  users: `${link(['@key', '@tag', '@listSize', '@shareable'])}
    type Query {
      users(page: ID!, first: Int! = 6): [User!]! ${sized} ${seen}
    }
    type User @key(fields: "id") ${seen} {
      id: ID!
      name: String
      username: String @shareable
      birthday: Int
    }`,
  products: `${link(['@key', '@tag', '@listSize'])}
    type Query {
      topProducts(page: ID!, first: Int! = 5): [Product!]! ${sized} ${seen}
    }
    type Product @key(fields: "upc") ${seen} {
      upc: ID!
      name: String
      price: Int
      weight: Int
    }`,
  inventory: `${link(['@key', '@tag', '@external', '@requires'])}
    type Product @key(fields: "upc") ${seen} {
      upc: ID!
      price: Int @external
      weight: Int @external
      inStock: Boolean
      shippingEstimate: Int @requires(fields: "price weight")
    }`,
  reviews: `${link(['@key', '@tag', '@listSize', '@external', '@provides'])}
    type Review @key(fields: "id") ${seen} {
      id: ID!
      body: String
      author: User @provides(fields: "username")
      product: Product
    }
    type User @key(fields: "id") ${seen} {
      id: ID!
      username: String @external
      reviews(first: Int! = 5): [Review!] ${sized}
    }
    type Product @key(fields: "upc") ${seen} {
      upc: ID!
      reviews(first: Int! = 5): [Review!] ${sized}
    }`,
} as const;

export type StandIn = keyof typeof standInSdl;

export const standInNames = Object.keys(standInSdl) as StandIn[];
