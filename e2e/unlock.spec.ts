import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmSync, truncateSync, writeFileSync, copyFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from './support/test.ts';
import { Tablet } from './support/tablet.ts';
import * as worker from './support/worker.ts';

test('a wrong password tells how often one may still try, and then locks out', async ({ openFor }) => {
  const { page } = await openFor('worker-wangfang');
  await worker.lock(page);
  for (const left of [4, 3, 2, 1]) {
    await worker.typePassword(page, 'not-this-one');
    await expect(page.getByText(`还可以再试 ${String(left)} 次`)).toBeVisible();
  }
  await worker.typePassword(page, 'not-this-one');
  await expect(page.getByText(/连续输错，已暂时锁定，.*后可以再试/u)).toBeVisible();
  await expect(worker.passwordField(page)).toBeDisabled();
  await expect(page.getByRole('button', { name: '解锁' })).toBeDisabled();
});

/** What can befall the files while the app is closed, and what the page must say to it. */
const disasters: readonly {
  readonly name: string;
  readonly title: string;
  readonly code: string;
  /** Seen before anybody types a password. */
  readonly atOnce: boolean;
  readonly strike: (folder: string) => void;
}[] = [
  {
    name: 'a damaged page in the replica',
    title: '数据文件损坏，打不开',
    code: 'replica.damaged',
    atOnce: false,
    strike: (folder) => {
      const file = path.join(folder, 'replica.db');
      const bytes = readFileSync(file);
      // The first page, after the salt that says whose file this is.
      bytes.fill(0x5a, 64, 4000);
      writeFileSync(file, bytes);
    },
  },
  {
    name: 'a key file of a newer app',
    title: '数据文件来自更新的版本',
    code: 'replica.newer',
    atOnce: true,
    strike: (folder) => {
      const file = path.join(folder, 'vault.json');
      const vault = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
      writeFileSync(file, JSON.stringify({ ...vault, version: 99 }));
    },
  },
  {
    name: 'a replica that was never written to its end',
    title: '数据文件没有写完整',
    code: 'replica.half-written',
    atOnce: false,
    strike: (folder) => {
      rmSync(path.join(folder, 'replica.db-wal'), { force: true });
      truncateSync(path.join(folder, 'replica.db'), 0);
    },
  },
];

test('damaged, newer and half-written files are named, and left as they are', async ({ centre, openFor }) => {
  test.setTimeout(150_000);
  let tablet = await openFor('worker-zhangwei');
  try {
    for (const { name, title, code, atOnce, strike } of disasters)
      await test.step(name, async () => {
        await tablet.close('keep');
        const folder = tablet.replica;
        const kept = ['replica.db', 'vault.json'].map((file) => path.join(folder, file));
        for (const file of kept) copyFileSync(file, `${file}.kept`);
        strike(folder);
        const before = fingerprint(path.join(folder, 'replica.db'));

        tablet = await Tablet.open(centre.gateway, { again: tablet });
        if (!atOnce) await worker.typePassword(tablet.page);
        await expect(tablet.page.getByRole('heading', { name: title })).toBeVisible();
        await expect(tablet.page.getByText(code)).toBeVisible();
        await expect(tablet.page.getByText('没有丢失')).toBeVisible();
        expect(fingerprint(path.join(folder, 'replica.db'))).toBe(before);

        await tablet.close('keep');
        for (const file of kept) renameSync(`${file}.kept`, file);
        tablet = await Tablet.open(centre.gateway, { again: tablet });
        await worker.unlock(tablet.page);
      });
  } finally {
    await tablet.close();
  }
});

const fingerprint = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
