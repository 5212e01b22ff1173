import type { EventHandlers } from '@fulfillment/kernel/server/messaging/inbox';
import type { UnitOfWork } from '../service/ports.js';

type Handler = NonNullable<EventHandlers<UnitOfWork>['subscriptions.test-clock']>;

/** The test clock of a sandbox account was advanced: the account's orders live at its instant. */
export const onTestClock: Handler = ({ accountId, now }, { testClocks }, event) =>
  testClocks.set(accountId, new Date(now), event.sequence);
