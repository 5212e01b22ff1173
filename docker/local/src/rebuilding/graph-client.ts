/** Asks the graph as one of the company's own. */
export type AskGraph = <Data>(
  document: string,
  variables: Readonly<Record<string, unknown>>,
) => Promise<Data>;

/**
 * @param url of the gateway's graph
 * @param issueToken gives a token that is good for one request at least
 */
export function createGraphClient(url: string, issueToken: () => Promise<string>): AskGraph {
  return async <Data>(document: string, variables: Readonly<Record<string, unknown>>) => {
    const response = await post(url, await issueToken(), { query: document, variables });
    const { data, errors } = (await response.json()) as {
      data?: Data | null;
      errors?: readonly { readonly message: string }[];
    };
    if (errors?.[0]) throw new Error(`The graph refused: ${errors[0].message}`);
    if (data == null) throw new Error(`The graph answered ${response.status} and nothing else.`);
    return data;
  };
}

async function post(url: string, token: string, body: object): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
  } catch (error) {
    throw new Error(`Nothing answers at ${url}: run "npm start" first.`, { cause: error });
  }
}
