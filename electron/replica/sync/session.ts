import { schemaVersion } from '../../../shared/domain/entities.ts';
import type { SessionAnswer } from '../../../shared/sync/wire.ts';
import type { Replica } from '../store/database.ts';
import { dropMeta, needMeta, readMeta, writeMeta } from '../store/meta.ts';
import { nextBatch, renumber, sendAgainFrom } from '../store/outbox.ts';
import { assertionOf } from './device-key.ts';
import type { Answer, GatewayClient } from './gateway-client.ts';

export interface SessionFacts {
  readonly appVersion: string;
  now(): string;
  newId(): string;
}

/**
 * Opens a session: a token, the present scope, the lease. The link of the fork-detection chain is stored before it is sent, so
 * that a lost answer is asked for again with the same one.
 */
export async function openSession(
  replica: Replica,
  client: GatewayClient,
  facts: SessionFacts,
): Promise<Answer<SessionAnswer>> {
  const nextLink = readMeta(replica.reader, 'next_link') ?? facts.newId();
  replica.transaction((writer) => writeMeta(writer, 'next_link', nextLink));
  const knock = (): Promise<Answer<SessionAnswer>> => {
    const device = needMeta(replica.reader, 'device');
    const key = needMeta(replica.reader, 'private_key');
    client.token = '';
    return client.session({
      assertion: assertionOf(key, device, Date.now() + client.clockOffset, facts.newId()),
      link: needMeta(replica.reader, 'link'),
      nextLink,
      schema: schemaVersion,
      app: facts.appVersion,
    });
  };
  let answer = await knock();
  // With a clock that is far off the assertion looks old; the refusal has told us the centre's time.
  if (!answer.ok && answer.trouble.kind === 'refused' && answer.trouble.code.startsWith('token.'))
    answer = await knock();
  if (!answer.ok) return answer;
  const session = answer.value;
  client.token = session.token;
  replica.transaction((writer) => {
    writeMeta(writer, 'link', nextLink);
    dropMeta(writer, 'next_link');
    writeMeta(writer, 'lease_until', session.leaseUntil);
    writeMeta(writer, 'person', JSON.stringify(session.person));
    dropMeta(writer, 'problem');
    // From now on our clock is read as the centre's: ten years off changes nothing.
    writeMeta(writer, 'clock_seen', session.now);
    writeMeta(writer, 'clock_offset', String(Date.parse(session.now) - Date.parse(facts.now())));
    if (String(session.epoch) !== needMeta(writer, 'epoch')) {
      writeMeta(writer, 'epoch', String(session.epoch));
      renumber(writer);
    }
    const first = nextBatch(writer, 1)[0]?.opNo ?? Number(readMeta(writer, 'op_no') ?? '0') + 1;
    if (session.lastOpNo + 1 < first) sendAgainFrom(writer, session.lastOpNo + 1);
  });
  return answer;
}
