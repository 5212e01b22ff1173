import type { Check } from './check.js';
import { nothingIsUnderWay } from './events.js';
import { invoiceNumbersAreGapless, oneDocumentForEachOrder } from './invoices.js';
import { everyKeyIsOneOrder, ordersAreDecided } from './orders.js';
import { projectionsEqualTheirSources } from './projections.js';

/** All that must hold after whatever was killed. */
export const checks: readonly Check[] = [
  everyKeyIsOneOrder,
  ordersAreDecided,
  oneDocumentForEachOrder,
  invoiceNumbersAreGapless,
  ...nothingIsUnderWay,
  ...projectionsEqualTheirSources,
];
