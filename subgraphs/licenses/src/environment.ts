import { parseEnvironment, serviceEnvironmentSchema } from '@fulfillment/kernel/server/environment';
import { z } from 'zod';

const licensesEnvironmentSchema = serviceEnvironmentSchema.extend({
  /** Where the private keys of license files lie; the replicas of the service share it. */
  LICENSE_KEYS_FOLDER: z.string().min(1),
  /** Where the mails that licenses are sent with are put, as message files, for a mail server to pick up. */
  MAIL_FOLDER: z.string().min(1),
  /** The address that they come from. */
  MAIL_FROM: z.email().default('licenses@fulfillment.example'),
});

export type LicensesEnvironment = z.infer<typeof licensesEnvironmentSchema>;

/** The environment of this process: the one place that reads it. Throws an EnvironmentError that lists what is wrong. */
export function readEnvironment(): LicensesEnvironment {
  return parseEnvironment(licensesEnvironmentSchema, process.env);
}
