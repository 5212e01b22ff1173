import type { EventHandlers } from '@fulfillment/kernel/server/messaging/inbox';
import { reissueUpTo } from '../service/issue-licenses.js';
import { refreshOutdatedSeatsOf } from '../service/record-seats.js';
import type { UnitOfWork } from '../service/ports.js';
import { tellGraceEndsOf } from '../service/tell-grace-ends.js';

type Handler = NonNullable<EventHandlers<UnitOfWork>['subscriptions.test-clock']>;

/** The test clock of a sandbox account was advanced: the account's deployments live at its instant, and grace that is over is told. */
export const onTestClock: Handler = async ({ accountId, now }, unit, event) => {
  await unit.testClocks.set(accountId, new Date(now), event.sequence);
  await reissueUpTo(unit, accountId, new Date(now));
  await tellGraceEndsOf(unit, accountId);
  await refreshOutdatedSeatsOf(unit, accountId);
};
