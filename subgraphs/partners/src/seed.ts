import { RowCollector } from '@fulfillment/kernel/population/row-collector';
import {
  seededEvent,
  type CreateSeeder,
  type ServiceSeeder,
  type TableRows,
} from '@fulfillment/kernel/population/seeder';
import type { StoryBatch } from '@fulfillment/kernel/population/story';
import { columnsOf } from '@fulfillment/kernel/server/entity-rows';
import { grantId } from '@fulfillment/kernel/server/visibility/grants';
import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import { partnerInvoicePostedPayload } from '@fulfillment/schema/events/subscriptions';
import { type Commission, commissionsOn } from './domain/commission.js';
import { customerGrants, partnerGrants, type Grant } from './domain/grants.js';
import type { Partner } from './domain/partner.js';
import { toPosting } from './events/partner-invoice-posted.js';
import {
  commissionEntity,
  customerRelationshipEntity,
  partnerAgreementEntity,
  partnerEntity,
} from './persistence/entities.js';
import { agreementToRow, commissionToRow, partnerToRow, relationshipToRow } from './persistence/rows.js';
import { partnerOf, salesOf } from './seeding/told.js';
import { commissionPayload, grantPayload, partnerPayload } from './service/event-payloads.js';

/** Turns the population into partners with their agreements, customers and commissions. */
export const createSeeder: CreateSeeder = () => new PartnersSeeder();

class PartnersSeeder implements ServiceSeeder {
  /** Told in the first batch; later ones refer to them. */
  readonly #partners = new Map<string, Partner>();
  /** By partner, how many commissions were told. */
  readonly #told = new Map<string, number>();

  own(batch: StoryBatch): { rows: TableRows[]; events: EventEnvelope[] } {
    const rows = new RowCollector();
    const events: EventEnvelope[] = [];
    for (const story of batch.partners) {
      const partner = partnerOf(story);
      this.#partners.set(partner.id, partner);
      rows.add('partner', columnsOf(partnerEntity, partnerToRow(partner)));
      for (const agreement of partner.agreements) {
        rows.add(
          'partner_agreement',
          columnsOf(partnerAgreementEntity, agreementToRow(partner.id, agreement)),
        );
      }
      events.push(partnerTold(partner), ...grantsTold(partnerGrants(partner), partner.registeredAt));
    }
    for (const account of batch.accounts) {
      const sales = salesOf(account, this.#partners);
      for (const { relationship } of sales) {
        rows.add(
          'customer_relationship',
          columnsOf(customerRelationshipEntity, relationshipToRow(relationship)),
        );
      }
      events.push(...grantsTold(customerGrants(sales), account.createdAt));
    }
    return { rows: rows.tables(), events };
  }

  /** Every commission is told to those who keep the books. */
  answer(received: readonly EventEnvelope[]): { rows: TableRows[]; events: EventEnvelope[] } {
    return { rows: [], events: this.#earned(received).map((commission) => this.#commissionTold(commission)) };
  }

  project(events: readonly EventEnvelope[]): TableRows[] {
    const rows = new RowCollector();
    for (const commission of this.#earned(events))
      rows.add('commission', columnsOf(commissionEntity, commissionToRow(commission)));
    return rows.tables();
  }

  /** What partners earned on all these documents, which come in the order of each partner's facts. */
  #earned(events: readonly EventEnvelope[]): Commission[] {
    const byInvoice = new Map<string, Commission[]>();
    for (const event of events) {
      if (event.topic !== 'subscriptions.partner-invoice-posted') continue;
      const payload = partnerInvoicePostedPayload.parse(event.payload);
      const partner = this.#partners.get(payload.partnerId);
      if (!partner) continue;
      const key = (invoiceId: string) => `${partner.id} ${invoiceId}`;
      const earlier = payload.credits.flatMap(({ invoiceId }) => byInvoice.get(key(invoiceId)) ?? []);
      for (const commission of commissionsOn(toPosting(payload), partner, earlier)) {
        const about = key(commission.reversesInvoiceId ?? commission.invoiceId);
        byInvoice.set(about, [...(byInvoice.get(about) ?? []), commission]);
      }
    }
    return [...byInvoice.values()].flat();
  }

  #commissionTold(commission: Commission): EventEnvelope {
    const sequence = (this.#told.get(commission.partnerId) ?? 0) + 1;
    this.#told.set(commission.partnerId, sequence);
    return seededEvent({
      topic: 'partners.commission-earned',
      kind: 'FACT',
      aggregateId: commission.partnerId,
      sequence,
      occurredAt: commission.earnedAt.toISOString(),
      payload: commissionPayload(commission),
    });
  }

  finish(): string[] {
    return [];
  }
}

function partnerTold(partner: Partner): EventEnvelope {
  return seededEvent({
    topic: 'partners.partner',
    kind: 'SNAPSHOT',
    aggregateId: partner.id,
    sequence: partner.version,
    occurredAt: partner.registeredAt.toISOString(),
    payload: partnerPayload(partner),
  });
}

function grantsTold(grants: readonly Grant[], at: Date): EventEnvelope[] {
  return grants.map((grant) => {
    const payload = grantPayload(grant);
    return seededEvent({
      topic: 'partners.grant',
      kind: 'SNAPSHOT',
      aggregateId: grantId(payload),
      sequence: grant.version,
      occurredAt: at.toISOString(),
      payload,
    });
  });
}
