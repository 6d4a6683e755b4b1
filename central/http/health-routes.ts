import { z } from 'zod';
import { isUnavailable } from '../store/database.ts';
import type { App, Context } from './context.ts';
import { ProblemError } from './problem.ts';

/** For whoever runs the gateway: is it well, what does it count. */
export function healthRoutes(app: App, context: Context): void {
  app.get(
    '/healthz',
    {
      schema: {
        tags: ['operation'],
        summary: '200 when the gateway and its database answer, else 503.',
        response: { 200: z.strictObject({ ok: z.literal(true) }) },
      },
    },
    async () => {
      try {
        await context.database.query('SELECT 1');
      } catch (error) {
        if (isUnavailable(error)) throw new ProblemError('unavailable');
        throw error;
      }
      return { ok: true as const };
    },
  );

  app.get(
    '/metrics',
    { schema: { tags: ['operation'], summary: 'Counters in Prometheus text form.', response: { 200: z.string() } } },
    async (_request, reply) => {
      const text = await context.metrics.registry.metrics();
      return reply.type(context.metrics.registry.contentType).serializer(String).send(text);
    },
  );
}
