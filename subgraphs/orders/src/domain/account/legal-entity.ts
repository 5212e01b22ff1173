export { legalEntities, type LegalEntityCode } from '@fulfillment/kernel/domain/legal-entity';
