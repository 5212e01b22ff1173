import { randomUUID } from 'node:crypto';
import type { ServiceRequest, ServiceDefinition } from '@fulfillment/kernel/server/service-definition';
import { createHandlers } from './events/index.js';
import type { Context } from './graphql/context.js';
import { createLoaders } from './graphql/loaders.js';
import { resolvers } from './graphql/resolvers/index.js';
import { licenseFileWriter } from './keys/license-file-writer.js';
import { createMemoryKeyRing } from './keys/memory-key-ring.js';
import { createSecretMaker } from './keys/secret-maker.js';
import { usageReportReader } from './keys/usage-report-reader.js';
import { createMemoryMailer } from './mail/memory-mailer.js';
import { publishedKeysPage } from './pages/published-keys.js';
import { licensesEntities } from './persistence/entities.js';
import { Activation1764000003310 } from './persistence/migrations/activation.js';
import { AllowancesAndGrants1764000003500 } from './persistence/migrations/allowances-and-grants.js';
import { FeatureUse1764000010000 } from './persistence/migrations/feature-use.js';
import { DeploymentMoves1764000010200 } from './persistence/migrations/deployment-moves.js';
import { LicenseFiles1764000003200 } from './persistence/migrations/license-files.js';
import { LicenseYears1764000003300 } from './persistence/migrations/license-years.js';
import { LicensesTables1764000003000 } from './persistence/migrations/licenses-tables.js';
import { AddOnSeats1764000003410 } from './persistence/migrations/add-on-seats.js';
import { SeatSamples1764000003400 } from './persistence/migrations/seat-samples.js';
import { SilentSeats1764000010020 } from './persistence/migrations/silent-seats.js';
import { LicenseDeliveriesByEvent1764000010300 } from './persistence/migrations/license-deliveries-by-event.js';
import { HeldSince1764000010310 } from './persistence/migrations/held-since.js';
import { ToldSeats1764000003420 } from './persistence/migrations/told-seats.js';
import { SubscriptionSuspension1764000003100 } from './persistence/migrations/subscription-suspension.js';
import { periodicWork } from './periodic.js';
import { UsageReportList1764000010010 } from './persistence/migrations/usage-report-list.js';
import { NoticesOfMore1764000010320 } from './persistence/migrations/notices-of-more.js';
import { PayersAddresses1764000010350 } from './persistence/migrations/payers-addresses.js';
import { UsageNotices1764000010100 } from './persistence/migrations/usage-notices.js';
import { UsageReports1764000003320 } from './persistence/migrations/usage-reports.js';
import { projections } from './persistence/projections.js';
import { createReader } from './persistence/reader.js';
import { createAddOnSeatReader } from './persistence/add-on-seat-reader.js';
import { createSeatReader } from './persistence/seat-reader.js';
import { selectSigningKeys } from './persistence/signing-key-store.js';
import { createUsageReportReader } from './persistence/usage-report-store.js';
import { createUnitOfWork } from './persistence/unit-of-work.js';
import { createActivationCode, revokeActivationCode } from './service/activation/activation-codes.js';
import {
  activateInstance,
  deactivateInstance,
  transferInstance,
  type Tools,
} from './service/activation/instances.js';
import { synchronizeInstance } from './service/activation/synchronize-instance.js';
import type { Mailer } from './service/delivery-ports.js';
import {
  grantEntitlement,
  revokeEntitlementGrant,
  setEntitlementOverride,
} from './service/entitlement-grants.js';
import { signEntitlements } from './service/entitlement-token.js';
import { issueLicenseFile } from './service/issue-license-file.js';
import type { UnitOfWork } from './service/ports.js';
import { assignAddOnSeats, unassignAddOnSeats } from './service/assign-add-on-seats.js';
import { reportFeatureUse } from './service/report-feature-use.js';
import { reportSeats } from './service/report-seats.js';
import { sendLicense } from './service/send-licenses.js';
import { sendUsageNotice } from './service/send-usage-notices.js';
import { ensureSigningKey, revokeSigningKey, rotateSigningKey } from './service/signing-keys.js';
import type { KeyRing } from './service/signing-ports.js';
import { uploadUsageReport } from './service/upload-usage-report.js';
import { consumeAllowance, reportAllowance } from './service/use-allowance.js';

/** The licenses service, wired: what the kernel turns into a process. */
export function createLicensesDefinition({
  ring,
  mailer,
}: {
  readonly ring: KeyRing;
  readonly mailer: Mailer;
}): ServiceDefinition<UnitOfWork, Context> {
  const secrets = createSecretMaker(ring);
  const tools = { ring, writer: licenseFileWriter, secrets };
  return {
    name: 'licenses',
    entities: licensesEntities,
    migrations: [
      LicensesTables1764000003000,
      SubscriptionSuspension1764000003100,
      LicenseFiles1764000003200,
      LicenseYears1764000003300,
      Activation1764000003310,
      UsageReports1764000003320,
      SeatSamples1764000003400,
      AddOnSeats1764000003410,
      ToldSeats1764000003420,
      AllowancesAndGrants1764000003500,
      FeatureUse1764000010000,
      UsageReportList1764000010010,
      SilentSeats1764000010020,
      DeploymentMoves1764000010200,
      LicenseDeliveriesByEvent1764000010300,
      HeldSince1764000010310,
      UsageNotices1764000010100,
      NoticesOfMore1764000010320,
      PayersAddresses1764000010350,
    ],
    resolvers,
    handlers: createHandlers(secrets),
    projections,
    createUnitOfWork: (scope) => createUnitOfWork(scope, randomUUID),
    prepare: (transaction) => transaction((unit) => ensureSigningKey(unit, ring)),
    handOn: {
      'licenses.license-delivery': (payload, run) => sendLicense(run, { ...tools, mailer }, payload),
      'licenses.usage-notice': (payload, run) => sendUsageNotice(run, mailer, payload),
    },
    periodic: periodicWork,
    pages: (transaction) => [publishedKeysPage(transaction)],
    createContext: (request) => createContext(request, tools),
  };
}

/** With keys and mails that end with the process. */
export const licensesDefinition = createLicensesDefinition({
  ring: createMemoryKeyRing(),
  mailer: createMemoryMailer(),
});

function createContext(request: ServiceRequest<UnitOfWork>, tools: Tools): Context {
  const { manager, viewer, receivedAt, clock, transaction, freshness } = request;
  const { ring, secrets } = tools;
  const asking = { viewer, receivedAt };
  const seats = createSeatReader(manager, viewer, receivedAt);
  const addOnSeats = createAddOnSeatReader(manager, viewer, receivedAt);
  return {
    viewer,
    loaders: createLoaders({
      reader: createReader(manager, viewer, receivedAt),
      seats,
      addOnSeats,
      usageReports: createUsageReportReader(manager, viewer, receivedAt),
      clock,
      freshness,
    }),
    signingKeys: () => selectSigningKeys(manager),
    now: (accountId) => clock.now(accountId),
    seats,
    assignAddOnSeats: (input) => assignAddOnSeats(transaction, asking, input),
    unassignAddOnSeats: (input) => unassignAddOnSeats(transaction, asking, input),
    reportSeats: (input) => reportSeats(transaction, asking, input),
    issueLicenseFile: (input) => issueLicenseFile(transaction, tools, asking, input),
    reportFeatureUse: (input) => reportFeatureUse(transaction, asking, input),
    consumeAllowance: (input) => consumeAllowance(transaction, asking, input),
    reportAllowance: (input) => reportAllowance(transaction, asking, input),
    grantEntitlement: (input) => grantEntitlement(transaction, asking, input),
    setEntitlementOverride: (input) => setEntitlementOverride(transaction, asking, input),
    revokeEntitlementGrant: (input) => revokeEntitlementGrant(transaction, asking, input),
    signEntitlements: async (entitlements) =>
      signEntitlements(ring, await selectSigningKeys(manager), entitlements, {
        now: await clock.now(null),
        tokenId: randomUUID(),
      }),
    rotateSigningKey: (input) => rotateSigningKey(transaction, ring, asking, input),
    revokeSigningKey: (input) => revokeSigningKey(transaction, ring, asking, input),
    activation: {
      createActivationCode: (input) => createActivationCode(transaction, secrets, asking, input),
      revokeActivationCode: (input) => revokeActivationCode(transaction, asking, input),
      activateInstance: (input) => activateInstance(transaction, tools, asking, input),
      transferInstance: (input) => transferInstance(transaction, tools, asking, input),
      synchronizeInstance: (input) => synchronizeInstance(transaction, tools, asking, input),
      uploadUsageReport: (input) => uploadUsageReport(transaction, usageReportReader, asking, input),
      deactivateInstance: (input) => deactivateInstance(transaction, secrets, asking, input),
    },
  };
}
