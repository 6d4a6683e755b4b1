import type { FastifyReply } from 'fastify';
import type { Problem } from '../../shared/sync/wire.ts';

type Code = Problem['code'];

/** What each code means, for whoever reads a log or a trace. Devices word it themselves, by the code. */
const messages: Readonly<Record<Code, string>> = {
  'request.malformed': 'The request does not have the shape this address expects.',
  'token.missing': 'This address needs a session.',
  'token.expired': 'The session is over; open a new one.',
  'code.unknown': 'The enrolment code is not known, was used, or is over.',
  'device.revoked': 'This device was revoked.',
  'device.forked': 'A copy of this device has spoken since; enrol again and keep the outbox.',
  'scope.outside': 'This area is not yours.',
  gap: 'Op numbers do not follow on.',
  'schema.too-old': 'This version of the app is no longer served; update it.',
  'not-found': 'There is nothing here.',
  'too-large': 'The request is too large.',
  unavailable: 'The centre cannot answer now; ask again later.',
  internal: 'The centre failed; the error was noted.',
};

/** HTTP status of each code. */
export const statusOf: Readonly<Record<Code, number>> = {
  'request.malformed': 400,
  'token.missing': 401,
  'token.expired': 401,
  'code.unknown': 403,
  'device.revoked': 403,
  'device.forked': 409,
  'scope.outside': 403,
  gap: 409,
  'schema.too-old': 426,
  'not-found': 404,
  'too-large': 413,
  unavailable: 503,
  internal: 500,
};

export function problem(code: Code, facts?: Problem['facts']): Problem {
  return facts === undefined ? { code, message: messages[code] } : { code, message: messages[code], facts };
}

/** Thrown by handlers to end a request with a `Problem`; the error handler of the app answers it. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: Code;
  readonly status: number;
  readonly facts: Problem['facts'];
  readonly retryAfter: number | undefined;

  constructor(code: Code, more: { facts?: Problem['facts']; status?: number; retryAfter?: number } = {}) {
    super(code);
    this.code = code;
    this.status = more.status ?? statusOf[code];
    this.facts = more.facts;
    this.retryAfter = more.retryAfter ?? (code === 'unavailable' ? 5 : undefined);
  }
}

export function sendProblem(reply: FastifyReply, error: ProblemError): FastifyReply {
  if (error.retryAfter !== undefined) reply.header('retry-after', String(error.retryAfter));
  return reply
    .status(error.status)
    .type('application/json')
    .serializer((value: unknown) => JSON.stringify(value))
    .send(problem(error.code, error.facts));
}
