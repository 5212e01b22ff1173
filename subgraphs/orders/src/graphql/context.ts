import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { AccountRequest } from '../service/load-facts.js';
import type { OpenSandboxAccountAnswer, OpenSandboxAccountRequest } from '../service/open-sandbox-account.js';
import type { PlaceOrderAnswer, PlaceOrderRequest } from '../service/place-order.js';
import type { OrderPreview } from '../service/preview-order.js';
import type { Deliveries } from './deliveries/deliveries.js';
import type { Loaders } from './loaders.js';
import type { Reader } from './reader.js';

/** The use cases, bound to the viewer of the request. */
export interface UseCases {
  previewOrder(request: AccountRequest): Promise<OrderPreview>;
  placeOrder(request: PlaceOrderRequest): Promise<PlaceOrderAnswer>;
  openSandboxAccount(request: OpenSandboxAccountRequest): Promise<OpenSandboxAccountAnswer>;
}

/** What every resolver of orders gets with a request. */
export interface Context extends UseCases {
  readonly viewer: Viewer;
  readonly reader: Reader;
  readonly loaders: Loaders;
  readonly deliveries: Deliveries;
  /** The day that it is by the system's clock (UTC): the price list knows no time zone. */
  readonly today: () => Promise<LocalDate>;
}
