import { z } from 'zod';

/** What every process reads of its environment to tell of itself: fields of the schema of its own environment. */
export const telemetryVariables = {
  /** Where Prometheus finds `/metrics`: an address of its own. Without a port there is none. */
  METRICS_HOST: z.string().min(1, 'must be an address to listen on').default('127.0.0.1'),
  METRICS_PORT: z.coerce
    .number({ error: 'must be a number from 0 to 65535' })
    .int('must be a whole number')
    .min(0, 'must be 0 or more')
    .max(65_535, 'must be 65535 or less')
    .optional(),
  /** Base address of an OTLP/HTTP collector of traces; without it nothing is recorded. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({
      protocol: /^https?$/,
      error: 'must be the base address of a collector, for example http://127.0.0.1:4318',
    })
    .optional(),
  /** The part of what is begun here that is recorded, from 0 to 1. */
  OTEL_TRACES_SAMPLER_ARG: z.coerce
    .number({ error: 'must be a number from 0 to 1' })
    .min(0, 'must be 0 or more')
    .max(1, 'must be 1 or less')
    .default(0.1),
};
