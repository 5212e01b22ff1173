import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { type CurrencyCode, type Money, money } from '@fulfillment/kernel/domain/money';
import type { PlacedLine } from '../domain/order/order.js';
import type { FrozenDraft } from '../domain/quote/frozen-draft.js';

/** A frozen draft as a column of JSON holds it: amounts in minor units as text, for they may be larger than a JSON number can say. */
export interface FrozenDraftJson {
  readonly effectiveDate: LocalDate;
  readonly day: FrozenDraft['day'];
  readonly currency: CurrencyCode;
  readonly net: string;
  readonly tax: string;
  readonly total: string;
  readonly lines: readonly LineJson[];
  readonly valueChange: { readonly mrr: string; readonly arr: string; readonly tcv: string };
  /** Not there in what was kept before it was: then nobody who works for one deployment sees it. */
  readonly deploymentIds?: FrozenDraft['deploymentIds'];
  readonly items: FrozenDraft['items'];
}

type LineJson = Omit<PlacedLine, 'amount' | 'tax'> & {
  readonly amount: string;
  readonly tax: Omit<PlacedLine['tax'], 'amount'> & { readonly amount: string };
};

export function frozenDraftToJson(draft: FrozenDraft): FrozenDraftJson {
  const { net, tax, total, lines, valueChange, ...facts } = draft;
  return {
    ...facts,
    net: minorText(net),
    tax: minorText(tax),
    total: minorText(total),
    lines: lines.map((line) => ({
      ...line,
      amount: minorText(line.amount),
      tax: { ...line.tax, amount: minorText(line.tax.amount) },
    })),
    valueChange: {
      mrr: minorText(valueChange.mrr),
      arr: minorText(valueChange.arr),
      tcv: minorText(valueChange.tcv),
    },
  };
}

export function frozenDraftFromJson(json: FrozenDraftJson): FrozenDraft {
  const { net, tax, total, lines, valueChange, ...facts } = json;
  const read = (minor: string): Money => money(BigInt(minor), facts.currency);
  return {
    ...facts,
    deploymentIds: facts.deploymentIds ?? [],
    net: read(net),
    tax: read(tax),
    total: read(total),
    lines: lines.map((line) => ({
      ...line,
      amount: read(line.amount),
      tax: { ...line.tax, amount: read(line.tax.amount) },
    })),
    valueChange: { mrr: read(valueChange.mrr), arr: read(valueChange.arr), tcv: read(valueChange.tcv) },
  };
}

function minorText({ minor }: Money): string {
  return minor.toString();
}
