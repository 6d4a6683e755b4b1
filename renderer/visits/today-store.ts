import { defineStore } from 'pinia';
import { useClient } from '../app/client.ts';
import { dayOf } from '../components/format/time.ts';
import { useLoad } from '../components/use-load.ts';

/** Today's route, what waits for a decision, and what others changed. */
export const useTodayStore = defineStore('today', () => {
  const client = useClient();
  const { data, problem, pending, reload } = useLoad(() => client.call('visits.today', { on: dayOf(new Date()) }));
  client.onChanged(['visit', 'proposal', 'conflict', 'household', 'resident', 'membership'], reload);
  return { data, problem, pending, reload };
});
