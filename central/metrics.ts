import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Outcome } from '../shared/sync/delta.ts';
import type { Database } from './store/database.ts';

/** What the gateway counts. One registry for each gateway, so that several can live in one test process. */
export interface Metrics {
  readonly registry: Registry;
  readonly requestSeconds: Histogram<'route' | 'status'>;
  readonly deltas: Counter<'result'>;
  readonly clockAhead: Counter;
  readonly transactionRetries: Counter<'sqlstate'>;
  readonly forks: Counter;
  readonly enrolments: Counter<'result'>;
  countOutcomes(outcomes: readonly Outcome[]): void;
}

export function createMetrics(usage: () => ReturnType<Database['usage']>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'doorstep_' });
  const registers = [registry];
  const deltas = new Counter({
    name: 'doorstep_deltas_total',
    help: 'Deltas judged, by result',
    labelNames: ['result'],
    registers,
  });
  new Gauge({
    name: 'doorstep_database_connections',
    help: 'Connections to the database, by use',
    labelNames: ['use'],
    registers,
    collect() {
      const { total, idle, waiting } = usage();
      this.set({ use: 'busy' }, total - idle);
      this.set({ use: 'idle' }, idle);
      this.set({ use: 'waiting' }, waiting);
    },
  });
  return {
    registry,
    deltas,
    requestSeconds: new Histogram({
      name: 'doorstep_request_seconds',
      help: 'Time to answer a request',
      labelNames: ['route', 'status'],
      buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10],
      registers,
    }),
    clockAhead: new Counter({
      name: 'doorstep_clock_ahead_total',
      help: 'Sessions and deltas whose clock was more than five minutes off',
      registers,
    }),
    transactionRetries: new Counter({
      name: 'doorstep_transaction_retries_total',
      help: 'Transactions started over after losing a race',
      labelNames: ['sqlstate'],
      registers,
    }),
    forks: new Counter({ name: 'doorstep_device_forks_total', help: 'Copies of devices noticed', registers }),
    enrolments: new Counter({
      name: 'doorstep_enrolments_total',
      help: 'Enrolments tried',
      labelNames: ['result'],
      registers,
    }),
    countOutcomes(outcomes) {
      for (const outcome of outcomes) deltas.inc({ result: outcome.result });
    },
  };
}
