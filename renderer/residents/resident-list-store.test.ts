import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, expect, test } from 'vitest';
import { createApp } from 'vue';
import type { Bridge, ServiceEvent } from '../../shared/contract/port.ts';
import type { ResidentLine } from '../../shared/contract/views.ts';
import { createClient, installClient } from '../app/client.ts';
import { pageSize, useResidentListStore } from './resident-list-store.ts';

interface Asked {
  readonly text: string;
  readonly offset: number;
  readonly answer: (total?: number) => Promise<void>;
  readonly fail: () => Promise<void>;
}

let asked: Asked[] = [];
let send: (event: ServiceEvent) => void = () => undefined;

const person = (text: string, index: number): ResidentLine => ({
  id: `r${index}`,
  name: `${text}${index}`,
  sex: null,
  age: null,
  idMasked: null,
  phoneMasked: null,
  placeText: '',
  householdId: null,
  relation: null,
  tags: [],
  deceased: false,
  proposals: 0,
});

/** Lets everything that waits for an answer run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A service that answers when the test says so. */
const bridge: Bridge = {
  ask: (_name, input) =>
    new Promise((resolve, reject) => {
      const { text, offset } = input as { text: string; offset: number };
      asked.push({
        text,
        offset,
        answer: (total = 1000) => {
          const rows = Array.from({ length: Math.min(pageSize, total - offset) }, (_, step) =>
            person(text, offset + step),
          );
          resolve({ total, rows });
          return settled();
        },
        fail: () => {
          reject(new Error('call.failed'));
          return settled();
        },
      });
    }),
  subscribe: (listener) => {
    send = listener;
    return () => undefined;
  },
  onService: () => () => undefined,
  facts: { gateway: null, demoCodes: [], platform: 'linux' },
};

const last = (): Asked => {
  const found = asked.at(-1);
  if (found === undefined) throw new Error('nothing was asked');
  return found;
};

beforeEach(() => {
  asked = [];
  const app = createApp({});
  const pinia = createPinia();
  app.use(pinia);
  app.use(installClient(createClient(bridge)));
  setActivePinia(pinia);
});

test('while one answer is awaited, only the newest of the texts typed is asked next', async () => {
  const list = useResidentListStore();
  for (const text of ['王', '王秀', '王秀英']) {
    list.text = text;
    void list.search();
  }
  await settled();
  expect(asked.map((call) => call.text)).toEqual(['王']);
  await last().answer();
  expect(asked.map((call) => call.text)).toEqual(['王', '王秀英']);
  expect(list.total).toBeNull();
  await last().answer(3);
  expect(list.total).toBe(3);
  expect(list.rowAt(0)?.name).toBe('王秀英0');
  expect(list.asking).toBe(false);
});

test('a page read for the old text never shows among the rows of the new one', async () => {
  const list = useResidentListStore();
  list.text = '王';
  void list.search();
  await settled();
  await last().answer();
  void list.ensure(500, 510);
  await settled();
  const late = last();
  list.text = '李';
  void list.search();
  await settled();
  await last().answer();
  await late.answer();
  expect(list.rowAt(500)).toBeUndefined();
  expect(list.rowAt(0)?.name).toBe('李0');
});

test('a fast scroll reads the pages it comes to rest on, not all it passed', async () => {
  const list = useResidentListStore();
  void list.search();
  await settled();
  await last().answer(100_000);
  for (let row = 10_000; row <= 90_000; row += 10_000) void list.ensure(row, row + 10);
  await settled();
  await last().answer(100_000);
  await last().answer(100_000);
  expect(asked.map((call) => call.offset)).toEqual([0, 10_000, 90_000]);
  expect(list.rowAt(90_005)?.name).toBe('90005');
});

test('a change elsewhere reads the rows on screen again and keeps the place', async () => {
  const list = useResidentListStore();
  void list.search();
  await settled();
  await last().answer();
  void list.ensure(400, 410);
  await settled();
  await last().answer();
  const answers = list.answers;
  send({ event: 'changed', entities: ['resident'] });
  send({ event: 'changed', entities: ['resident'] });
  await settled();
  expect(last().offset).toBe(400);
  await last().answer();
  await last().answer();
  expect(list.answers).toBe(answers);
  expect(list.rowAt(405)?.name).toBe('405');
});

test('a failed search says so, and the next one works', async () => {
  const list = useResidentListStore();
  void list.search();
  await settled();
  await last().fail();
  expect(list.problem?.code).toBe('call.failed');
  void list.search();
  await settled();
  await last().answer(1);
  expect(list.problem).toBeNull();
  expect(list.total).toBe(1);
});
