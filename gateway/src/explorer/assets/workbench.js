import { GraphiqlPanel } from './graphiql-panel.js';
import { showToken, showTokenProblem, watchTokenField } from './token-field.js';
import { Tokens } from './tokens.js';

const list = document.querySelector('#operations');
const emptyNote = document.querySelector('#operations-none');
const tokens = new Tokens();
const panel = new GraphiqlPanel(document.querySelector('#graphiql'));

/** The order that was placed last here, so that the operation that reads one order can be tried at once. */
let placedOrderId;
/** The operation that a person chose before GraphiQL was there. */
let wanted;
/** Counts the showings: an answer that comes after another audience was chosen is dropped. */
let showing = 0;

/** Lets a person choose an audience, give its token, and run its operations. */
export async function startWorkbench() {
  const problem = await tokens.load().then(
    () => undefined,
    (error) => error.message,
  );
  for (const choice of document.querySelectorAll('input[name=audience]')) {
    choice.addEventListener('change', () => void present(choice.value));
  }
  watchTokenField((text) => {
    tokens.paste(chosenAudience(), text);
    void present(chosenAudience());
  });
  await present(chosenAudience());
  if (problem !== undefined) showTokenProblem(problem);
}

function chosenAudience() {
  return document.querySelector('input[name=audience]:checked').value;
}

/** As `show`, and whatever goes wrong is told of on the page. */
function present(audience) {
  return show(audience).catch((error) => showTokenProblem(error.message));
}

/** Everything below the audiences, for one of them. */
async function show(audience) {
  const turn = ++showing;
  wanted = undefined;
  showToken(audience, tokens.get(audience), tokens.demo);
  const answer = tokens.get(audience) === undefined ? { operations: [] } : await askOperations(audience);
  if (turn !== showing) return;
  showToken(audience, tokens.get(audience), tokens.demo);
  showTokenProblem(answer.problem ?? '');
  listOperations(audience, answer.operations);
  if (answer.operations.length === 0) {
    panel.clear();
    return;
  }
  await panel.prepare();
  if (turn !== showing) return;
  const texts = answer.operations.map(({ text }) => text);
  await panel.show(audience, (request) => ask(audience, request), texts);
  if (turn !== showing) return;
  const first = panel.isEmpty() ? answer.operations[0] : undefined;
  if (wanted ?? first) load(wanted ?? first);
}

/** The operations of the audience, each with variables made just now, or the problem in words. */
async function askOperations(audience) {
  try {
    const response = await fetch('/explorer/operations.json', await withToken(audience));
    const answer = await response.json();
    if (!response.ok)
      return { operations: [], problem: answer.errors?.[0]?.message ?? 'The token was refused.' };
    if (answer.audience === audience) return { operations: answer.operations };
    return {
      operations: [],
      problem: `This is a token of the audience ${answer.audience}: choose that one above.`,
    };
  } catch {
    return { operations: [], problem: 'The gateway does not answer.' };
  }
}

/** One GraphQL request; what goes wrong on the way is answered in the form of a GraphQL error. */
async function ask(audience, request) {
  const options = await withToken(audience, { 'content-type': 'application/json' });
  const response = await fetch('/graphql', { ...options, method: 'POST', body: JSON.stringify(request) });
  const answer = await response.json().catch(() => ({
    errors: [{ message: `The gateway answered ${response.status} and no JSON.` }],
  }));
  placedOrderId = answer.data?.placeOrder?.order?.id ?? placedOrderId;
  return answer;
}

async function withToken(audience, headers = {}) {
  const authorization = `Bearer ${await tokens.current(audience)}`;
  return { headers: { ...headers, authorization }, credentials: 'omit', cache: 'no-store' };
}

function listOperations(audience, operations) {
  emptyNote.hidden = operations.length > 0;
  list.replaceChildren(
    ...operations.map((operation) => {
      const item = document.createElement('li');
      item.append(operationButton(operation, () => loadAnew(audience, operation)));
      return item;
    }),
  );
}

function operationButton({ name, kind, description }, onClick) {
  const button = document.createElement('button');
  button.type = 'button';
  button.dataset.operation = name;
  button.append(
    textIn('strong', name),
    textIn('em', kind === 'query' ? 'reads' : 'writes'),
    proseIn('span', description),
  );
  button.addEventListener('click', onClick);
  return button;
}

/** As `textIn`, where what stands between backticks is code. */
function proseIn(tag, text) {
  const element = document.createElement(tag);
  element.append(...text.split('`').map((part, index) => (index % 2 === 1 ? textIn('code', part) : part)));
  return element;
}

function textIn(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

/** Each click gets new variables, so that a second click on an order makes a second order. */
async function loadAnew(audience, operation) {
  const { operations } = await askOperations(audience);
  if (audience === chosenAudience())
    load(operations.find(({ name }) => name === operation.name) ?? operation);
}

function load(operation) {
  const { name, text, variables } = operation;
  const knowsOrder = placedOrderId !== undefined && 'orderId' in variables;
  const loaded = panel.load(text, knowsOrder ? { ...variables, orderId: placedOrderId } : variables);
  wanted = loaded ? undefined : operation;
  for (const button of list.querySelectorAll('button')) {
    button.ariaCurrent = button.dataset.operation === name ? 'true' : null;
  }
}
