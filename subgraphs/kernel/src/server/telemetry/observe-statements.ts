import type { ObserveStatement } from '../observed-client.js';
import { failureName } from './failure-name.js';
import type { ServiceMetrics } from './service-metrics.js';
import { createStatementNames } from './statement-name.js';

/**
 * Has each statement be a span of what it is run for, where that is recorded, and measured, where there are metrics. Its
 * values are seen by neither.
 * @param tables the names of the service's tables
 */
export function observingStatements(
  tables: ReadonlySet<string>,
  metrics: ServiceMetrics | undefined,
): ObserveStatement {
  const nameOf = createStatementNames(tables);
  return (text, trace) => {
    const isRecorded = trace?.sampled ?? false;
    if (!isRecorded && metrics === undefined) return undefined;
    const { summary, verb, table } = nameOf(text);
    const span = isRecorded
      ? trace?.child(summary, 'client', {
          'db.system.name': 'postgresql',
          'db.operation.name': verb,
          ...(table === undefined ? {} : { 'db.collection.name': table }),
        })
      : undefined;
    const startedAt = performance.now();
    return (failure) => {
      metrics?.statementEnded(summary, (performance.now() - startedAt) / 1000);
      span?.end(failure === undefined ? undefined : failureName(failure));
    };
  };
}
