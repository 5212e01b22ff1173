const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", import: [
  "@key", "@shareable", "@external", "@requires", "@provides", "@interfaceObject", "@inaccessible", "@override"
])`;

/** Four services that between them use every way in which services can depend on one another. */
export const subgraphs: Readonly<Record<string, string>> = {
  catalog: `${link}
    type Query {
      product(id: ID = "p1"): Product
      products(first: Int = 3): [Product!]!
      media: [Media]
      bestMedia: Media!
      search(first: Int = 4, kind: Kind): [SearchResult]
      searchGroups: [[SearchResult!]]
      catalogSize: Int!
      viewer: Person @shareable
      clock: Clock! @shareable
    }
    type Mutation { restock(id: ID!, amount: Int = 1): Product  countCatalog: Int! }
    interface Media @key(fields: "id") { id: ID!  title(upper: Boolean = false): String  sequel: Media }
    interface Named { name: String }
    type Book implements Media @key(fields: "id") {
      id: ID!  title(upper: Boolean = false): String  sequel: Media  pages: Int!  author: Person
    }
    type Movie implements Media @key(fields: "id") {
      id: ID!  title(upper: Boolean = false): String  sequel: Media  minutes: Float  cast: [Person!]  kind: Kind!
    }
    type Product implements Named @key(fields: "id") @key(fields: "sku") {
      id: ID!  sku: ID!  name: String  kind: Kind  tags: [[String!]]  rank: [Int]
      media: Media  maker: Person!  weight(unit: Unit = KG): Float  box: Box @shareable  price(in: Currency = EUR, times: Float): Int
      similar(first: Int = 2): [Product]  facts: JSON  onSale: Boolean!
    }
    type Box @shareable { width: Int  height: Int!  }
    type Secret @inaccessible { id: ID! }
    union SearchResult = Product | Person | Book | Secret
    type Person @key(fields: "id") { id: ID!  made: [Product] }
    type Clock @shareable { tick: Int! zone: String }
    enum Kind { SMALL LARGE HIDDEN @inaccessible }
    enum Unit { KG LB }
    enum Currency { EUR USD }
    scalar JSON
  `,
  reviews: `${link}
    type Query { reviews(first: Int = 3): [Review!]!  latest: Review  viewer: Person @shareable }
    type Mutation { review(product: ID!, text: String = "fine"): Review!  countReviews: Int! }
    type Review @key(fields: "id") {
      id: ID!  text(max: Int): String!  stars: Int  product: Product!  about: Media  by: Person @provides(fields: "name")
      replies: [[Review]]
    }
    type Product @key(fields: "id") {
      id: ID!  reviews(first: Int = 2): [Review!]!  weight(unit: Unit = KG): Float @external  box: Box @external
      sku: ID! @external
      shipping(express: Boolean = false): Int @requires(fields: "weight(unit: LB) box { width height }")
      label: String! @requires(fields: "sku weight(unit: KG)")
    }
    type Box @external { width: Int  height: Int! }
    enum Unit { KG LB }
    type Media @key(fields: "id") @interfaceObject { id: ID!  reviews(first: Int = 2): [Review]  score: Float!  fan: Person }
    type Person @key(fields: "id") { id: ID!  name: String @external  reviews: [Review!] }
  `,
  people: `${link}
    type Query { people(first: Int = 3): [Person]  viewer: Person @shareable  anyone: Named  clock: Clock! @shareable }
    type Mutation { rename(id: ID!, name: String!): Person  countPeople: Int! }
    interface Named { name: String }
    type Person implements Named @key(fields: "id") {
      id: ID!  name: String @shareable  email: String!  role: Role  friends(first: Int = 2): [Person!]  groups: [[Person]!]
      best: Person  home: Place
    }
    type Place implements Named { name: String  people: [Person!] }
    type Clock @shareable { tick: Int! }
    enum Role { USER ADMIN }
  `,
  stock: `${link}
    type Query { lowStock: [Product!]  clock: Clock! @shareable }
    type Product @key(fields: "sku") {
      sku: ID!  stock: Int!  box: Box @shareable  shelf: Shelf  keeper: Person
    }
    type Box @shareable { depth: Int }
    type Clock @shareable { tick: Int! zone: String }
    type Shelf { row: Int!  column: String  products: [Product!]! }
    type Person @key(fields: "id") { id: ID!  keeps: [Product] }
  `,
};
