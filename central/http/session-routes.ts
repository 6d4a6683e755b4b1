import { EnrolAnswer, EnrolRequest, Problem, SessionAnswer, SessionRequest } from '../../shared/sync/wire.ts';
import { enrol } from '../access/enrolment.ts';
import { openSession } from '../access/session.ts';
import { clockTolerance } from '../push/judge-batch.ts';
import type { App, Context } from './context.ts';
import { ProblemError } from './problem.ts';

/** Enrolment and sessions: the two addresses that need no token. */
export function sessionRoutes(app: App, context: Context): void {
  const { metrics, log } = context;

  app.post(
    '/v1/enrol',
    {
      schema: {
        tags: ['access'],
        summary: 'Makes a device of its person with a one-time code.',
        body: EnrolRequest,
        response: { 200: EnrolAnswer, 400: Problem, 403: Problem, 429: Problem, 503: Problem },
      },
    },
    async (request) => {
      const enrolled = await enrol(context.database, request.body, request.ip, context.now());
      metrics.enrolments.inc({ result: enrolled.ok ? 'ok' : enrolled.failure.code });
      if (enrolled.ok) {
        log.event('device.enrolled', { device: enrolled.value.device, person: enrolled.value.person.id });
        return enrolled.value;
      }
      log.event('device.refused', { why: enrolled.failure.code }, 'warn');
      if (enrolled.failure.code === 'enrol.too-many')
        throw new ProblemError('unavailable', { status: 429, retryAfter: 60 });
      throw new ProblemError('code.unknown');
    },
  );

  app.post(
    '/v1/session',
    {
      schema: {
        tags: ['access'],
        summary: "Proves the device's key, gives a token of ten minutes and the present scope.",
        body: SessionRequest,
        response: { 200: SessionAnswer, 400: Problem, 401: Problem, 403: Problem, 409: Problem, 503: Problem },
      },
    },
    async (request) => {
      const { database, tokens, schema } = context;
      const opened = await openSession(database, tokens, request.body, schema, context.now());
      if (!opened.ok) {
        if (opened.failure.code === 'device.forked') metrics.forks.inc();
        log.event('device.refused', { why: opened.failure.code }, 'warn');
        throw new ProblemError(opened.failure.code);
      }
      if (Math.abs(opened.value.clockDrift) > clockTolerance) {
        metrics.clockAhead.inc();
        log.event('clock.ahead', { seconds: Math.round(opened.value.clockDrift / 1000) }, 'warn');
      }
      return opened.value.answer;
    },
  );
}
