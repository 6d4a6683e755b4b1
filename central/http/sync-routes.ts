import { z } from 'zod';
import { AreaCode, RowId } from '../../shared/domain/values.ts';
import { EntityNameSchema } from '../../shared/sync/delta.ts';
import {
  HistoryAnswer,
  Problem,
  PullAnswer,
  PullRequest,
  PushAnswer,
  PushRequest,
  RowsAnswer,
  RowsRequest,
  SnapshotChunk,
} from '../../shared/sync/wire.ts';
import { pull, wholePulledRow } from '../pull/pull.ts';
import { readChunkKey, snapshotChunk } from '../pull/snapshot.ts';
import { push } from '../push/push.ts';
import { CursorBounds } from '../store/feed.ts';
import { readHistory } from '../store/history.ts';
import { grantsOf, mayRead } from '../store/people.ts';
import { readRows } from '../store/records.ts';
import { withXid } from '../store/heads.ts';
import { authorise, refuseOldSchema, type App, type Context } from './context.ts';
import { ProblemError } from './problem.ts';

const refusals = { 400: Problem, 401: Problem, 403: Problem, 426: Problem, 503: Problem };
const secured = [{ session: [] }];

/** Text form of a cursor in an address: `<xid>.<seq>`. */
const CursorText = z
  .string()
  .regex(/^\d{1,20}\.\d{1,20}$/)
  .transform((text) => {
    const [xid = '', seq = ''] = text.split('.');
    return { xid, seq };
  })
  .pipe(CursorBounds);

/** The exchange of rows: push, pull, snapshot, single rows, history. */
export function syncRoutes(app: App, context: Context): void {
  const { database, metrics, log } = context;

  app.post(
    '/v1/push',
    {
      // 500 deltas of long notes; anything larger is no push.
      bodyLimit: 32 * 1024 * 1024,
      schema: {
        tags: ['sync'],
        summary: 'Takes the next deltas of a device in op order; each is judged by itself.',
        security: secured,
        body: PushRequest,
        response: { 200: PushAnswer, ...refusals, 409: Problem, 413: Problem },
      },
    },
    async (request) => {
      const caller = await authorise(context, request);
      const pusher = { ...caller, person: caller.sub, role: caller.person.role };
      const now = context.now().toISOString();
      const pushed = await push(database, pusher, request.body.deltas, now, context.schema.current);
      if (!pushed.ok) {
        if (pushed.failure.code === 'device.forked') metrics.forks.inc();
        const { code, facts } = pushed.failure;
        throw new ProblemError(code, facts === undefined ? {} : { facts });
      }
      const { fresh, clockDrift, outcomes, lastOpNo } = pushed.value;
      metrics.countOutcomes(fresh);
      if (clockDrift > 0) metrics.clockAhead.inc(clockDrift);
      const rejected = fresh.filter((outcome) => outcome.result === 'rejected').length;
      const disputed = fresh.filter((outcome) => outcome.result === 'conflict').length;
      log.event('push.done', {
        device: caller.device,
        judged: fresh.length,
        asked: outcomes.length,
        rejected,
        disputed,
      });
      return { outcomes, lastOpNo };
    },
  );

  app.post(
    '/v1/pull',
    {
      schema: {
        tags: ['sync'],
        summary: 'Changes of areas since their cursors.',
        security: secured,
        body: PullRequest,
        response: { 200: PullAnswer, ...refusals },
      },
    },
    async (request) => {
      const caller = await authorise(context, request);
      refuseOldSchema(context, request.body.schema);
      const { areas, limit } = request.body;
      if (!areas.every(({ cursor }) => CursorBounds.safeParse(cursor).success))
        throw new ProblemError('request.malformed');
      const puller = { person: caller.sub, county: caller.county, scope: caller.scope };
      const pulled = await pull(database, puller, areas, limit, context.checksums);
      return { pages: [...pulled.pages], scopeChanged: pulled.scopeChanged };
    },
  );

  app.get(
    '/v1/snapshot/:area',
    {
      schema: {
        tags: ['sync'],
        summary: 'Live rows of an area in chunks, for a first load.',
        security: secured,
        params: z.strictObject({ area: AreaCode }),
        querystring: z.strictObject({ after: z.string().max(300).optional(), cursor: CursorText.optional() }),
        response: { 200: SnapshotChunk, ...refusals },
      },
    },
    async (request, reply) => {
      const caller = await authorise(context, request);
      refuseOldSchema(context, caller.schema);
      const { area } = request.params;
      const { after, cursor } = request.query;
      const key = after === undefined ? null : readChunkKey(after);
      if (after !== undefined && (key === null || cursor === undefined)) throw new ProblemError('request.malformed');
      const grants = await grantsOf(database, caller.sub);
      if (!area.startsWith(caller.county) || !mayRead(grants, caller.county, area))
        throw new ProblemError('scope.outside');
      const text = await snapshotChunk(database, caller.county, area, key, cursor ?? null);
      // Written by the database as JSON already: parsing it again here would cost more than reading the rows.
      return reply
        .type('application/json')
        .serializer(String)
        .send(text as unknown as SnapshotChunk);
    },
  );

  app.post(
    '/v1/rows',
    {
      schema: {
        tags: ['sync'],
        summary: 'Whole rows by name; missing ones and those out of scope are left out.',
        security: secured,
        body: RowsRequest,
        response: { 200: RowsAnswer, ...refusals },
      },
    },
    async (request) => {
      const caller = await authorise(context, request);
      refuseOldSchema(context, caller.schema);
      const rows = await database.read(async (transaction) => {
        const grants = await grantsOf(transaction, caller.sub);
        const found = await readRows(transaction, caller.county, request.body.refs);
        return [...found.values()].filter((row) => !row.deleted && mayRead(grants, caller.county, row.area));
      });
      return { rows: rows.map((row) => ({ area: row.area, row: wholePulledRow(row, withXid(row)) })) };
    },
  );

  app.get(
    '/v1/history/:entity/:id',
    {
      schema: {
        tags: ['sync'],
        summary: 'What happened to a row at the centre, newest first.',
        security: secured,
        params: z.strictObject({ entity: EntityNameSchema, id: RowId }),
        response: { 200: HistoryAnswer, ...refusals, 404: Problem },
      },
    },
    async (request) => {
      const caller = await authorise(context, request);
      const key = request.params;
      const entries = await database.read(async (transaction) => {
        const grants = await grantsOf(transaction, caller.sub);
        const [row] = (await readRows(transaction, caller.county, [key])).values();
        if (row === undefined || !mayRead(grants, caller.county, row.area)) return null;
        return readHistory(transaction, caller.county, key);
      });
      // Nothing there and not yours look the same from outside.
      if (entries === null) throw new ProblemError('not-found');
      return { entries };
    },
  );
}
