import type { Check } from './check.js';
import { documentNumbersAreGapless, oneDocumentForEachOrder } from './documents.js';
import { nothingIsUnderWay } from './events.js';

import { ledgerBalances } from './ledger.js';
import { everyKeyIsOneOrder, ordersAreDecided } from './orders.js';
import { projectionsEqualTheirSources } from './projections.js';

/** All that must hold after whatever was killed. */
export const checks: readonly Check[] = [
  everyKeyIsOneOrder,
  ordersAreDecided,
  oneDocumentForEachOrder,
  ...documentNumbersAreGapless,
  ...ledgerBalances,
  ...nothingIsUnderWay,
  ...projectionsEqualTheirSources,
];
