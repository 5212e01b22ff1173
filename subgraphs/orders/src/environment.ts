import {
  parseEnvironment,
  type ServiceEnvironment,
  serviceEnvironmentSchema,
} from '@fulfillment/kernel/server/environment';
import { z } from 'zod';
import type { WebhookSettings } from './crm/webhook-receiver.js';

/** An address without a path, as browsers name a page's origin: `https://app.example.com`. There are no patterns. */
const origin = z.string().refine((text) => isOrigin(text), {
  error: 'must be an origin: http or https, host and port, in small letters, without a slash or a star',
});

function isOrigin(text: string): boolean {
  return /^https?:\/\/[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

const origins = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
  .pipe(z.array(origin));

const ordersEnvironmentSchema = serviceEnvironmentSchema
  .extend({
    /** Where buyers may be sent back to after paying, separated by commas. */
    CHECKOUT_RETURN_ORIGINS: origins.default(['http://localhost:3000']),
    /** Where browsers reach the page of the simulated payment provider; this process by its own address when it is left out. */
    PAYMENT_PAGE_ORIGIN: origin.optional(),
    /** Where leads are posted to, a CRM; none when it is left out: then they are only recorded. */
    LEAD_WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
    /** What they are signed with. */
    LEAD_WEBHOOK_SECRET: z.string().min(16).optional(),
  })
  .refine(
    ({ LEAD_WEBHOOK_URL: url, LEAD_WEBHOOK_SECRET: secret }) => url === undefined || secret !== undefined,
    {
      path: ['LEAD_WEBHOOK_SECRET'],
      error: 'is needed where LEAD_WEBHOOK_URL is given',
    },
  );

export type OrdersEnvironment = z.infer<typeof ordersEnvironmentSchema>;

/** The environment of this process: the one place that reads it. Throws an EnvironmentError that lists what is wrong. */
export function readEnvironment(): OrdersEnvironment {
  return parseEnvironment(ordersEnvironmentSchema, process.env);
}

/** What checkout needs to know of the environment. */
export interface CheckoutSettings {
  readonly returnOrigins: readonly string[];
  readonly pageOrigin: string;
}

/** What a developer's own machine has; tests and tools that start the service without its process use it too. */
export const localCheckout: CheckoutSettings = {
  returnOrigins: ['http://localhost:3000'],
  pageOrigin: 'http://localhost:4001',
};

/** The settings of an environment; what it does not say is as on a developer's machine. */
export function checkoutSettings(
  environment: ServiceEnvironment & Partial<Omit<OrdersEnvironment, keyof ServiceEnvironment>>,
): CheckoutSettings {
  const { CHECKOUT_RETURN_ORIGINS, PAYMENT_PAGE_ORIGIN, PORT } = environment;
  return {
    returnOrigins: CHECKOUT_RETURN_ORIGINS ?? localCheckout.returnOrigins,
    pageOrigin: PAYMENT_PAGE_ORIGIN ?? `http://localhost:${PORT}`,
  };
}

/** Where leads go by an environment; null where no CRM is connected. */
export function webhookSettings(
  environment: ServiceEnvironment & Partial<Omit<OrdersEnvironment, keyof ServiceEnvironment>>,
): WebhookSettings | null {
  const { LEAD_WEBHOOK_URL: url, LEAD_WEBHOOK_SECRET: secret } = environment;
  return url === undefined || secret === undefined ? null : { url, secret };
}
