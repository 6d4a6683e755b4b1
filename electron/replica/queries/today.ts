import type { CallOutput, ParsedInput } from '../../../shared/contract/calls.ts';
import type { Context } from '../commands/writing.ts';
import { newsFor } from '../store/field-facts.ts';
import { countPending } from '../store/proposals.ts';
import { visitsOfDay, waitingByVisit } from '../store/visits.ts';
import { byRoute, visitCard } from './cards.ts';
import { openConflicts } from './conflicts.ts';
import { historyLine } from './history.ts';
import { startOfDay } from './households.ts';
import { subjectOf } from './subjects.ts';

const mostNews = 20;
const day = 86_400_000;

function today(context: Context, input: ParsedInput<'visits.today'>): CallOutput<'visits.today'> {
  const { reader, person } = context;
  const from = startOfDay(input.on);
  const until = new Date(Date.parse(from) + day).toISOString();
  const waiting = waitingByVisit(reader);
  const visits = visitsOfDay(reader, person.id, input.on, from, until)
    .map((visit) => visitCard(context, visit, waiting))
    .sort(byRoute);
  return {
    visits,
    done: visits.filter((visit) => visit.state === 'done').length,
    proposalsPending: countPending(reader),
    conflictsOpen: openConflicts(context),
    news: newsFor(reader, person.id, mostNews).map((life) => ({
      ...historyLine(context, life),
      subject: subjectOf(reader, life.entity, life.rowId, context.today()).name,
      entity: life.entity,
      rowId: life.rowId,
    })),
  };
}

export const todayQueries = { 'visits.today': today };
