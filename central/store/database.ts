import pg from 'pg';
import type { PoolClient, QueryResult, QueryResultRow } from 'pg';

/** Whatever takes a query: a transaction's connection, mostly. */
export interface Queryable {
  query<R extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<QueryResult<R>>;
}

/** One transaction. Handed to work functions; never kept after them. */
export type Transaction = Queryable;

const onLostConnection = (): void => {
  // The pool replaces an idle connection that breaks; whoever asks next is told when there is no database.
};

/** Error codes after which the same work can be tried again: serialisation, deadlock, a row created meanwhile. */
const retryable = new Set(['40001', '40P01', '23505']);
const unavailable = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** True when an error says that the database cannot be reached or is going away, not that a query was wrong. */
export function isUnavailable(error: unknown): boolean {
  const code = codeOf(error);
  if (unavailable.has(code) || code.startsWith('08') || code.startsWith('57P') || code === '53300') return true;
  if (error instanceof AggregateError) return error.errors.some((inner) => isUnavailable(inner));
  if (!(error instanceof Error)) return false;
  return /(is not currently accepting connections$)|^(timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|Cannot use a pool after)/.test(
    error.message,
  );
}

const isRetryable = (error: unknown): boolean => retryable.has(codeOf(error));

export interface DatabaseOptions {
  /** Connections at most; 10 unless told. */
  readonly connections?: number;
  /** Called before a transaction is tried again, with the SQLSTATE; for metrics. */
  readonly onRetry?: (code: string) => void;
}

/** The centre's PostgreSQL: transactions in, results out. The only door to the pool. */
export class Database {
  readonly url: string;
  private readonly pool: pg.Pool;
  private readonly onRetry: (code: string) => void;

  constructor(url: string, options: DatabaseOptions = {}) {
    this.url = url;
    this.onRetry = options.onRetry ?? (() => undefined);
    this.pool = new pg.Pool({
      connectionString: url,
      max: options.connections ?? 10,
      connectionTimeoutMillis: 5000,
      // A forgotten transaction would hold every feed back.
      idle_in_transaction_session_timeout: 60_000,
      application_name: 'doorstep-gateway',
    });
    this.pool.on('error', onLostConnection);
  }

  /**
   * Runs work in a writing transaction (READ COMMITTED), and again when it lost a race: a deadlock, a serialisation
   * failure, or a row that somebody else created at the same time. The work must therefore have no effects of its own.
   */
  async write<T>(work: (transaction: Transaction) => Promise<T>, attempts = 8): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.run('BEGIN ISOLATION LEVEL READ COMMITTED', work);
      } catch (error) {
        if (attempt >= attempts || !isRetryable(error)) throw error;
        this.onRetry(codeOf(error));
      }
    }
  }

  /** Runs work on one snapshot of the database; it cannot write. */
  read<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.run('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', work);
  }

  /** One statement by itself. */
  async query<R extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<QueryResult<R>> {
    return this.pool.query<R>(text, [...values]);
  }

  /** Connections by use, for metrics. */
  usage(): { total: number; idle: number; waiting: number } {
    return { total: this.pool.totalCount, idle: this.pool.idleCount, waiting: this.pool.waitingCount };
  }

  /** Waits for work in flight, then lets go of every connection. */
  async close(): Promise<void> {
    if (!this.pool.ended) await this.pool.end();
  }

  private async run<T>(begin: string, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    client.on('error', onLostConnection);
    let broken: Error | undefined;
    try {
      await client.query(begin);
      const result = await work(transactionOf(client));
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((failure: unknown) => {
        // A connection that cannot roll back is thrown away; the server rolls back by itself.
        broken = failure instanceof Error ? failure : new Error(String(failure));
      });
      throw error;
    } finally {
      client.off('error', onLostConnection);
      client.release(broken);
    }
  }
}

function transactionOf(client: PoolClient): Transaction {
  return { query: (text, values = []) => client.query(text, [...values]) };
}
