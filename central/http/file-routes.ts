import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Problem } from '../../shared/sync/wire.ts';
import { filesOf } from '../store/files.ts';
import { grantsOf, mayRead } from '../store/people.ts';
import { authorise, type App, type Context } from './context.ts';
import { ProblemError } from './problem.ts';
import { Sha256, Uploads, uploadPath } from './uploads.ts';

const uploadMethods = ['POST', 'HEAD', 'PATCH', 'DELETE', 'OPTIONS'] as const;
const secured = [{ session: [] }];

/** Attachments: uploads in parts (tus 1.0) and content by its hash. */
export async function fileRoutes(app: App, context: Context): Promise<void> {
  const uploads = new Uploads(context);
  const cleaning = setInterval(() => {
    uploads.clean().catch(() => undefined);
  }, 3_600_000);
  cleaning.unref();
  app.addHook('onClose', () => {
    clearInterval(cleaning);
  });

  // Uploads are streamed to disk by the upload library; nothing is read into memory here.
  await app.register((routes, _options, done) => {
    routes.removeAllContentTypeParsers();
    routes.addContentTypeParser('*', (_request, _payload, next) => {
      next(null);
    });
    const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const caller = await authorise(context, request);
      return sendWebResponse(reply, await uploads.handle(webRequest(request), caller));
    };
    const schema = {
      tags: ['files'],
      summary: 'Uploads in parts: tus 1.0, metadata sha256, mime and area.',
      security: secured,
    };
    for (const url of [uploadPath, `${uploadPath}/:id`])
      routes.route({ method: [...uploadMethods], url, compress: false, schema, handler: answer });
    done();
  });

  app.route({
    method: ['GET', 'HEAD'],
    url: '/v1/content/:sha256',
    exposeHeadRoute: false,
    compress: false,
    schema: {
      tags: ['files'],
      summary: 'The bytes of an attachment, for whoever holds an area that has it.',
      security: secured,
      params: z.strictObject({ sha256: Sha256 }),
      response: { 200: z.unknown().describe('the bytes'), 401: Problem, 403: Problem, 404: Problem, 503: Problem },
    },
    handler: async (request, reply) => {
      const caller = await authorise(context, request);
      const { sha256 } = request.params;
      const grants = await grantsOf(context.database, caller.sub);
      const files = await filesOf(context.database, caller.county, sha256);
      const file = files.find(({ area }) => mayRead(grants, caller.county, area));
      if (file === undefined || !(await uploads.has(sha256))) throw new ProblemError('not-found');
      reply
        .type(file.mime)
        .header('content-length', String(file.bytes))
        .header('content-disposition', 'attachment')
        .header('etag', `"${sha256}"`);
      if (request.method === 'HEAD') return reply.send('');
      return reply.send(uploads.read(sha256));
    },
  });
}

/** The request as the upload library takes it. Its host is of no matter: addresses in answers are relative. */
function webRequest(request: FastifyRequest): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) if (typeof value === 'string') headers.set(name, value);
  const hasBody = request.method === 'POST' || request.method === 'PATCH';
  return new Request(`http://gateway${request.url}`, {
    method: request.method,
    headers,
    ...(hasBody ? { body: Readable.toWeb(request.raw) as NonNullable<RequestInit['body']>, duplex: 'half' } : {}),
  });
}

async function sendWebResponse(reply: FastifyReply, response: Response): Promise<FastifyReply> {
  reply.status(response.status);
  for (const [name, value] of response.headers) if (name !== 'content-length') reply.header(name, value);
  const text = await response.text();
  if (response.status >= 400 && text.startsWith('{')) reply.type('application/json');
  return reply.serializer(String).send(text);
}
