import type { EntityName } from '../../../shared/domain/entities.ts';
import { pushLimit, type PushAnswer } from '../../../shared/sync/wire.ts';
import type { Delta, Outcome } from '../../../shared/sync/delta.ts';
import type { Replica } from '../store/database.ts';
import { markSent, nextBatch, sendAgainFrom } from '../store/outbox.ts';
import { receiveOutcome } from '../store/receive.ts';
import { SearchUpdate } from '../store/search-index.ts';
import type { GatewayClient, Trouble } from './gateway-client.ts';
import type { Turn } from './turn.ts';

/** Outcomes stored in one transaction: few enough that the service answers in between. */
const slice = 60;

/**
 * Sends the outbox in op order until it is empty. Deltas are marked as sent before they leave, and answers are stored before
 * the next batch, so that whatever is lost is asked for again under the same name and number.
 * @returns what stopped it, or null when everything is answered
 */
export async function pushAll(replica: Replica, client: GatewayClient, turn: Turn): Promise<Trouble | null> {
  let gaps = 0;
  for (;;) {
    if (turn.stopped()) return null;
    const batch = nextBatch(replica.reader, pushLimit);
    if (batch.length === 0) return null;
    turn.phase('pushing');
    replica.transaction((writer) => markSent(writer, batch));
    const answer = await client.push({ deltas: [...batch] });
    if (!answer.ok) {
      const { trouble } = answer;
      const expected = trouble.kind === 'refused' && trouble.code === 'gap' ? trouble.facts?.['expected'] : undefined;
      if (typeof expected !== 'number' || gaps >= 2) return trouble;
      gaps += 1;
      turn.log('warn', 'push.gap', { expected, first: batch[0]?.opNo ?? 0 });
      replica.transaction((writer) => sendAgainFrom(writer, expected));
      continue;
    }
    if (turn.stopped()) return null;
    const answered = await storeOutcomes(replica, batch, answer.value, turn);
    // A gateway that answers other things than it was asked would keep us here for ever.
    if (answered === 0) return { kind: 'strange', status: 200 };
  }
}

async function storeOutcomes(
  replica: Replica,
  batch: readonly Delta[],
  answer: PushAnswer,
  turn: Turn,
): Promise<number> {
  const ids = new Set(batch.map((delta) => delta.id));
  const byNumber = new Map(batch.map((delta) => [delta.opNo, delta.id]));
  const outcomes = answer.outcomes.flatMap((outcome): Outcome[] => {
    // A delta that the centre could not read is answered by its number alone.
    const id = ids.has(outcome.id) ? outcome.id : byNumber.get(outcome.opNo);
    return id === undefined ? [] : [{ ...outcome, id }];
  });
  for (let start = 0; start < outcomes.length; start += slice) {
    if (turn.stopped()) return outcomes.length;
    const changed = new Set<EntityName>();
    replica.transaction((writer) => {
      const search = new SearchUpdate(writer);
      for (const outcome of outcomes.slice(start, start + slice)) {
        const entity = receiveOutcome(writer, search, outcome);
        if (entity !== undefined) changed.add(entity);
        if (outcome.result === 'rejected')
          turn.log('warn', 'push.rejected', { code: outcome.code ?? 'none', op: outcome.opNo });
      }
      search.finish();
    });
    turn.changed(changed);
    await turn.breathe();
  }
  return outcomes.length;
}
