import compress from '@fastify/compress';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyError } from 'fastify';
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { constants } from 'node:zlib';
import { errorFields } from '../log.ts';
import { isUnavailable } from '../store/database.ts';
import { fileRoutes } from './file-routes.ts';
import { healthRoutes } from './health-routes.ts';
import type { App, Context } from './context.ts';
import { ProblemError, sendProblem } from './problem.ts';
import { sessionRoutes } from './session-routes.ts';
import { syncRoutes } from './sync-routes.ts';

/** Answers are data for programs: nothing of them may be shown, framed, sniffed or kept by anybody in between. */
const securityHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** The gateway's HTTP application, not listening yet. */
export async function createApp(context: Context): Promise<App> {
  const app: App = Fastify({
    logger: false,
    bodyLimit: 1024 * 1024,
    // A device on a bad line may take its time, but not for ever.
    requestTimeout: 120_000,
    keepAliveTimeout: 30_000,
    // Prototype names in a body are refused, not dropped.
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 400 },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.removeContentTypeParser('text/plain');
  handleErrors(app, context);
  watchRequests(app, context);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Doorstep gateway',
        description: 'Exchange between field workstations and the district theme database.',
        version: '1',
      },
      components: { securitySchemes: { session: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    },
    transform: jsonSchemaTransform,
  });
  await app.register(compress, {
    encodings: ['zstd', 'gzip', 'br', 'deflate'],
    threshold: 1024,
    // Snapshots are large and read once: fast compression beats small.
    zlibOptions: { level: 2 },
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 2 } },
  });
  await app.register(async (routes) => {
    const typed: App = routes.withTypeProvider<ZodTypeProvider>();
    sessionRoutes(typed, context);
    syncRoutes(typed, context);
    await fileRoutes(typed, context);
    healthRoutes(typed, context);
    typed.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  });
  await app.ready();
  return app;
}

function handleErrors(app: App, context: Context): void {
  app.setErrorHandler((error: FastifyError | ProblemError, request, reply) => {
    if (error instanceof ProblemError) return sendProblem(reply, error);
    if (isUnavailable(error)) {
      context.log.event('database.unavailable', { route: request.routeOptions.url }, 'error');
      return sendProblem(reply, new ProblemError('unavailable'));
    }
    const status = error.statusCode ?? 500;
    if (status === 413) return sendProblem(reply, new ProblemError('too-large'));
    if (status === 503) return sendProblem(reply, new ProblemError('unavailable'));
    if (status >= 400 && status < 500) return sendProblem(reply, new ProblemError('request.malformed', { status }));
    context.log.event('request.failed', { route: request.routeOptions.url, ...errorFields(error) }, 'error');
    return sendProblem(reply, new ProblemError('internal'));
  });
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, new ProblemError('not-found')));
}

function watchRequests(app: App, context: Context): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onSend', async (_request, reply) => {
    reply.headers(securityHeaders);
    // A connection that is kept alive would keep a stopping gateway waiting.
    if (closing) reply.header('connection', 'close');
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    const seconds = reply.elapsedTime / 1000;
    context.metrics.requestSeconds.observe({ route, status: String(reply.statusCode) }, seconds);
    context.log.event('request.done', {
      route,
      method: request.method,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    });
  });
}
