import { claimsOf } from './tokens.js';

const field = document.querySelector('#token');
const copyButton = document.querySelector('#token-copy');
const resetButton = document.querySelector('#token-reset');
const claimsLine = document.querySelector('#token-claims');
const problemLine = document.querySelector('#token-problem');
const settleMs = 250;

/** Calls `onChange(text)` when a person has put another token into the field, or emptied it. */
export function watchTokenField(onChange) {
  let timer;
  field.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => onChange(field.value), settleMs);
  });
  field.addEventListener('focus', () => field.select());
  resetButton.addEventListener('click', () => {
    onChange('');
    field.focus();
  });
  copyButton.addEventListener('click', () => void copyToken());
}

async function copyToken() {
  await navigator.clipboard.writeText(field.value);
  copyButton.textContent = 'Copied';
  setTimeout(() => (copyButton.textContent = 'Copy'), 1500);
}

/** Shows the audience's token and what it says of itself, or how to come by one. */
export function showToken(audience, held, demo) {
  if (field.value.trim() !== held?.token) field.value = held?.token ?? '';
  field.placeholder = `Paste a token of the audience ${audience}`;
  copyButton.hidden = held === undefined || navigator.clipboard === undefined;
  resetButton.hidden = held?.origin !== 'pasted';
  problemLine.textContent = '';
  if (held === undefined) {
    claimsLine.replaceChildren('On a machine that runs the demo: ', code(`npm run -s token -- ${audience}`));
  } else {
    claimsLine.textContent = describe(held, demo);
  }
}

/** Says what is wrong with the token, in the gateway's own words. */
export function showTokenProblem(message) {
  problemLine.textContent = message;
}

function describe({ token, origin }, demo) {
  const claims = claimsOf(token);
  if (claims === undefined) return '';
  const { account, partner, exp, scope } = claims;
  return [
    origin === 'demo' ? 'Filled in from the demo' : 'Pasted: kept until this tab closes',
    account && `account ${account === demo?.product.accountId ? demo.product.accountName : account}`,
    partner && `partner ${partner === demo?.partner.partnerId ? demo.partner.partnerName : partner}`,
    exp && `valid until ${moment(new Date(exp * 1000))}`,
    scope && `scopes ${scope}`,
  ]
    .filter(Boolean)
    .join(' · ');
}

/** The time alone for today, else with its day. */
function moment(instant) {
  const isToday = instant.toDateString() === new Date().toDateString();
  const time = { hour: '2-digit', minute: '2-digit' };
  return isToday
    ? instant.toLocaleTimeString([], time)
    : instant.toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
}

function code(text) {
  const element = document.createElement('code');
  element.textContent = text;
  return element;
}
