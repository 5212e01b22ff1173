/** The two queries that are asked of the stand-ins. */
export const standInQueries = {
  /** 16 fetches as stock @apollo/gateway plans it: the shape of the public benchmark. */
  deep: `
    query deep($page: ID!) {
      users(page: $page, first: 6) {
        ...User
        reviews(first: 3) {
          ...Review
          product {
            ...Product
            reviews(first: 3) {
              ...Review
              author {
                ...User
                reviews(first: 3) {
                  ...Review
                  product {
                    ...Product
                  }
                }
              }
            }
          }
        }
      }
      topProducts(page: $page, first: 5) {
        ...Product
        reviews(first: 3) {
          ...Review
          author {
            ...User
            reviews(first: 3) {
              ...Review
              product {
                ...Product
              }
            }
          }
        }
      }
    }
    fragment User on User {
      id
      username
      name
    }
    fragment Review on Review {
      id
      body
    }
    fragment Product on Product {
      inStock
      name
      price
      shippingEstimate
      upc
      weight
    }`,
  /** 5 fetches: what a page of a shop asks. */
  small: `
    query small($page: ID!) {
      users(page: $page, first: 6) {
        id
        name
      }
      topProducts(page: $page, first: 3) {
        upc
        name
        price
        inStock
        shippingEstimate
        reviews(first: 3) {
          body
          author {
            name
          }
        }
      }
    }`,
} as const;
