import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ExcelJS from 'exceljs';
import iconv from 'iconv-lite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FieldValue } from '../../shared/domain/values.ts';
import { checkCharacter } from '../../shared/idcard/citizen-id.ts';
import { Database } from '../store/database.ts';
import { addDistrict, addDivisions } from '../store/people.ts';
import { bulkLoad, lockRows, readEntity, transactionId, writeRows, type LoadRow } from '../store/records.ts';
import { createTestDatabase, stopOwnCluster, type TestDatabase } from '../testing/cluster.ts';
import { runImport } from './command.ts';
import { importFile, type ImportOptions, type ImportReport } from './import.ts';

const county = '330211';
const area = '330211001001';
const sample = fileURLToPath(new URL('../../tests/samples/05-医保结算推送.csv', import.meta.url));
const options = { county, today: '2026-11-21', now: '2026-11-21T02:00:00.000Z' } as const;

const idOf = (body: string): string => body + checkCharacter(body);
const jia = '330299199901018882';
const yi = '330299200402290035';
const old = idOf('33029919400312001');

const resident = (id: string, name: string, idNo: string, more: Record<string, FieldValue> = {}): LoadRow[] => [
  { entity: 'resident', id, area, values: { name, id_no: idNo, living_status: 'alive', ...more } },
  {
    entity: 'membership',
    id: `m-${id}`,
    area,
    values: { household_id: 'h1', resident_id: id, relation: '99', since: '2020-01-01' },
  },
];
const rows: LoadRow[] = [
  { entity: 'household', id: 'h1', area, values: { householder_id: 'r1', notes: ['旧备注'] } },
  ...resident('r1', '测试甲', jia, {
    monthly_income_fen: 500_000,
    registered_address: '浙江省宁波市镇海区胜利路1幢2单元301室',
  }),
  ...resident('r2', '测试乙', yi),
  ...resident('r3', '测试·丙', old, { pension_fen: 300_000, medical_insurance: 'resident' }),
];

let created: TestDatabase;
let database: Database;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doorstep-feeds-'));
});
beforeEach(async () => {
  created = await createTestDatabase();
  database = new Database(created.url, { connections: 2 });
  await database.write(async (transaction) => {
    await addDistrict(transaction, { county, name: '镇海区', demonstration: true, leaseDays: 14 });
    await addDivisions(transaction, [{ code: area, name: '城东社区', street: '招宝山街道', parent: null }]);
    await bulkLoad(transaction, rows);
  });
});
afterEach(async () => {
  await database.close();
  await created.drop();
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await stopOwnCluster();
});

const write = async (name: string, content: string | Buffer): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};

async function run(path: string, more: Partial<ImportOptions> = {}): Promise<ImportReport> {
  const result = await importFile(database, path, { ...options, rejectPath: join(folder, 'rejected.csv'), ...more });
  if (!result.ok) throw new Error(result.failure.code);
  return result.value;
}

async function refusal(path: string, more: Partial<ImportOptions> = {}): Promise<string> {
  const result = await importFile(database, path, { ...options, rejectPath: join(folder, 'rejected.csv'), ...more });
  if (result.ok) throw new Error('was imported');
  return result.failure.code;
}

interface Seen {
  id: string;
  version: number;
  values: Readonly<Record<string, FieldValue>>;
}
const proposals = async (): Promise<Seen[]> => readEntity(database, county, 'proposal');
const pending = async (): Promise<[string, string, FieldValue, string][]> =>
  (await proposals())
    .filter(({ values }) => values['state'] === 'pending')
    .map(({ values }): [string, string, FieldValue, string] => [
      String(values['subject_id']),
      String(values['field']),
      JSON.parse(String(values['new_value'])) as FieldValue,
      String(values['grade']),
    ])
    .sort();
const snapshot = async (): Promise<string> => {
  const record = await database.query('SELECT entity, id, version, data, heads FROM record ORDER BY entity, id');
  const feed = await database.query('SELECT area, entity, id, kind, seq FROM feed ORDER BY area, entity, id');
  const settlement = await database.query('SELECT * FROM settlement ORDER BY resident, settled_on, total_fen');
  return JSON.stringify([record.rows, feed.rows, settlement.rows]);
};

const zero = { proposals: 0, alreadyTrue: 0, repeated: 0, outdated: 0, superseded: 0 };

/** Decides a proposal as a worker would. */
const decide = (id: string, state: string): Promise<void> =>
  database.write(async (transaction) => {
    for (const row of (await lockRows(transaction, county, [{ entity: 'proposal', id }])).values())
      await writeRows(transaction, county, await transactionId(transaction), [
        { before: row, after: { ...row, version: row.version + 1, values: { ...row.values, state } } },
      ]);
  });

describe('the settlement file as it really arrives', () => {
  test('two rows are taken, two refused with every reason', async () => {
    const report = await run(sample);
    expect(report).toEqual({
      ...zero,
      proposals: 2,
      kind: 'settlements',
      rows: 4,
      unknownPeople: 0,
      rejected: 2,
      rejectFile: join(folder, 'rejected.csv'),
      ignoredSheets: [],
    });
    expect(await pending()).toEqual([
      ['r1', 'medical_self_paid_fen', 2_811_040, 'G'],
      ['r2', 'medical_self_paid_fen', 40_450, 'G'],
    ]);
    const [first] = await proposals();
    expect(first?.values).toMatchObject({
      household_id: 'h1',
      source: 'medical-insurance',
      old_value: 'null',
      observed_on: expect.stringMatching(/^2026-11-1[89]$/) as string,
      received_at: options.now,
      state: 'pending',
    });
    const evidence = (await proposals()).map(({ values }) => values['evidence']);
    expect(evidence).toContain(
      '近12个月结算1笔（2026-11-18至2026-11-18），个人自付合计28,110.40元，最近一笔2026-11-18江北二院',
    );

    const text = await readFile(join(folder, 'rejected.csv'), 'utf8');
    expect(text.split('\r\n')).toEqual([
      '\uFEFF行号,原因代码,原因,结算日期,姓名,证件号码,就诊机构,医疗总费用,统筹支付,大病保险支付,医疗救助,个人自付',
      '4,id.date,证件号码：证件号码中的出生日期不存在,2026-11-20,测试戊,33029919990229001X,镇海人民医院,900,500,0,0,400',
      '5,date.missing amount.not-a-number,结算日期：缺少日期；医疗总费用：金额不是数字,,测试己,330299200806300148,镇海人民医院,abc,0,0,0,0',
      '',
    ]);
    expect((await stat(join(folder, 'rejected.csv'))).mode & 0o077).toBe(0);
  });

  test('a second import changes nothing', async () => {
    await run(sample);
    const before = await snapshot();
    expect(await run(sample)).toMatchObject({ ...zero, repeated: 2, rows: 4, rejected: 2 });
    expect(await snapshot()).toBe(before);
  });

  test('proposals travel like every row: version 1, a feed entry in the area, provenance of the file', async () => {
    await run(sample);
    const { rows: feed } = await database.query<{ area: string; kind: string }>(
      "SELECT area, kind FROM feed WHERE entity = 'proposal'",
    );
    expect(feed).toEqual([
      { area, kind: 'enter' },
      { area, kind: 'enter' },
    ]);
    const { rows: records } = await database.query<{ heads: Record<string, unknown[]> }>(
      "SELECT heads FROM record WHERE entity = 'proposal'",
    );
    expect(records[0]?.heads['state']?.[8]).toEqual({ kind: 'feed', feed: '05-医保结算推送.csv', line: 0 });
  });
});

describe('sums over twelve months', () => {
  const bills = (...lines: string[]): string =>
    ['结算日期,姓名,证件号码,就诊机构,医疗总费用,个人自付', ...lines].join('\n');

  test('count earlier files and leave out what is older; the older waiting sum becomes void', async () => {
    await run(
      await write('a.csv', bills(`2025-11-21,测试甲,${jia},一院,100,100`, `2025-11-22,测试甲,${jia},一院,200,200`)),
    );
    expect(await pending()).toEqual([['r1', 'medical_self_paid_fen', 20_000, 'G']]);
    const report = await run(
      await write('b.csv', bills(`2026-10-01,测试甲,${jia},二院,50,30.5`, `2025-11-22,测试甲,${jia},一院,200,200`)),
    );
    expect(report).toMatchObject({ proposals: 1, superseded: 1 });
    expect(await pending()).toEqual([['r1', 'medical_self_paid_fen', 23_050, 'G']]);
    const voided = (await proposals()).find(({ values }) => values['state'] === 'void');
    expect(voided?.version).toBe(2);
    const { rows: history } = await database.query(
      "SELECT field, before, after FROM history WHERE entity = 'proposal'",
    );
    expect(history).toEqual([{ field: 'state', before: 'pending', after: 'void' }]);
  });

  test('equal bills are one unless the department numbers them; two years on they are forgotten', async () => {
    await run(
      await write('a.csv', bills(`2026-10-01,测试甲,${jia},一院,10,10`, `2026-10-01,测试甲,${jia},一院,10,10`)),
    );
    expect((await pending())[0]?.[2]).toBe(1000);
    await run(
      await write(
        'b.csv',
        `结算日期,证件号码,就诊机构,医疗总费用,个人自付,结算编号\n2026-10-02,${jia},一院,10,10,A1\n2026-10-02,${jia},一院,10,10,A2\n`,
      ),
    );
    expect((await pending())[0]?.[2]).toBe(3000);
    await run(await write('c.csv', bills(`2028-11-20,测试乙,${yi},一院,10,10`)), { today: '2028-11-21' });
    const { rows: kept } = await database.query('SELECT resident FROM settlement');
    expect(kept).toEqual([{ resident: 'r2' }]);
  });

  test('nobody is charged with more than the bill, or with a stranger’s', async () => {
    const report = await run(
      await write('a.csv', bills(`2026-10-01,测试甲,${jia},一院,10,11`, `2026-10-01,别人,${yi},一院,10,10`)),
    );
    expect(report).toMatchObject({ rows: 2, rejected: 2, proposals: 0 });
    const text = await readFile(join(folder, 'rejected.csv'), 'utf8');
    expect(text).toContain('amount.exceeds-total');
    expect(text).toContain('3,name.differs,');
  });
});

describe('encodings and formats', () => {
  const text = `姓名,身份证号,月收入,所属月份\n测试甲,${jia},6200,2026-10\n测试丙,${old},1800.5,2026-10\n`;
  const expected = [
    ['r1', 'monthly_income_fen', 620_000, 'Y'],
    ['r3', 'monthly_income_fen', 180_050, 'Y'],
  ];
  test.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with BOM', Buffer.from(`\uFEFF${text}`)],
    ['GB18030', iconv.encode(text, 'gb18030')],
    ['UTF-16 as Excel saves it', iconv.encode(text.replaceAll(',', '\t'), 'utf16le', { addBOM: true })],
    ['semicolons and CRLF', Buffer.from(text.replaceAll(',', ';').replaceAll('\n', '\r\n'))],
    ['lines above the header, a total below', Buffer.from(`镇海区人社推送\n单位：元\n${text}合计,,8000.5,\n`)],
  ])('%s', async (_name, content) => {
    expect(await run(await write('income.csv', content))).toMatchObject({
      rows: 2,
      proposals: 2,
      rejected: 0,
      kind: 'income',
    });
    expect(await pending()).toEqual(expected);
  });

  test('JSON lines, a broken one and one without its keys refused', async () => {
    const lines = [
      JSON.stringify({ 姓名: '测试甲', 身份证号: jia, 月收入: 6200, 所属月份: '2026-10' }),
      '{"姓名": "测试',
      JSON.stringify({ 身份证号: Number(jia), 月收入: 1 }),
      JSON.stringify({ 姓名: '测试丙' }),
      JSON.stringify({ id_no: old, monthly_income: '1800.50', month: '202610', extra: true }),
    ];
    expect(await run(await write('income.jsonl', lines.join('\n')))).toMatchObject({
      rows: 5,
      proposals: 2,
      rejected: 3,
    });
    expect(await pending()).toEqual(expected);
    const text = await readFile(join(folder, 'rejected.csv'), 'utf8');
    expect(text).toContain('\r\n2,json.invalid,');
    expect(text).toContain('\r\n3,id.precision-lost,');
    expect(text).toContain('\r\n4,value.missing,');
  });

  test('XLSX: instructions first, a title, dates, formulas with their last result, rich text; nothing is calculated', async () => {
    const book = new ExcelJS.Workbook();
    book.addWorksheet('填表说明').addRow(['请勿改动表头']);
    const sheet = book.addWorksheet('十月');
    sheet.addRow(['人社月收入推送']);
    sheet.addRow(['姓名', '身份证号', '月收入（元）', '所属月份']);
    sheet.addRow([
      { richText: [{ text: '测试' }, { text: '甲' }] },
      jia,
      { formula: '3000+3200', result: 6200 },
      new Date(Date.UTC(2026, 9, 31)),
    ]);
    sheet.addRow(['测试丙', old, 1800.5, '2026-10']);
    sheet.addRow(['测试乙', Number(yi), 1, '2026-10']);
    const path = join(folder, 'income.xlsx');
    await book.xlsx.writeFile(path);
    expect(await run(path)).toMatchObject({ rows: 3, proposals: 2, rejected: 1, ignoredSheets: ['填表说明'] });
    expect(await pending()).toEqual(expected);
    expect(await readFile(join(folder, 'rejected.csv'), 'utf8')).toContain('十月!5,id.precision-lost');
  });

  test('more than one batch comes in whole, and progress is told', async () => {
    const line = (n: number): string => `路人,${idOf(`33029919800101${String(n).padStart(3, '0')}`)},1,2026-10`;
    const seen: number[] = [];
    const many = `姓名,身份证号,月收入,所属月份\n${Array.from({ length: 990 }, (_, n) => line(n)).join('\n')}\n测试甲,${jia},6200,2026-10\n`;
    const report = await run(await write('many.csv', many), { onProgress: (done) => seen.push(done) });
    expect(report).toMatchObject({ rows: 991, unknownPeople: 990, proposals: 1, rejected: 0, rejectFile: null });
    expect(seen).toEqual([500, 991]);
  });
});

describe('kinds', () => {
  test('a death is two changes that nobody may confirm in passing', async () => {
    const path = await write(
      'd.csv',
      `姓名,公民身份号码,死亡日期,死亡证明编号\n测试丙,${old},2026年11月2日,D1\n测试甲,${jia},1998-01-01,D2\n测试乙,${yi},2026-12-01,D3\n`,
    );
    expect(await run(path)).toMatchObject({ kind: 'deaths', proposals: 2, rejected: 2 });
    expect(await pending()).toEqual([
      ['r3', 'death_date', '2026-11-02', 'R'],
      ['r3', 'living_status', 'deceased', 'R'],
    ]);
    const text = await readFile(join(folder, 'rejected.csv'), 'utf8');
    expect(text).toContain('date.before-birth');
    expect(text).toContain('date.future');
    await run(path, { source: 'funeral' });
    expect(new Set((await proposals()).map(({ values }) => values['source']))).toEqual(new Set(['health', 'funeral']));
  });

  test('births go to the mother’s household; twins are two, and come once', async () => {
    const path = await write(
      'b.csv',
      `母亲姓名,母亲身份证号,新生儿姓名,出生日期,出生证编号\n测试甲,${jia},小一,2026-11-01,B1\n测试甲,${jia},小二,2026-11-01,B2\n`,
    );
    expect(await run(path)).toMatchObject({ kind: 'births', proposals: 2 });
    expect((await pending()).map(([subject, field, value]) => [subject, field, value])).toEqual([
      ['h1', 'notes', ['旧备注', '新生儿小一，2026-11-01出生，出生医学证明编号B1，待落户']],
      ['h1', 'notes', ['旧备注', '新生儿小二，2026-11-01出生，出生医学证明编号B2，待落户']],
    ]);
    const before = await snapshot();
    expect(await run(path)).toMatchObject({ ...zero, repeated: 2 });
    expect(await snapshot()).toBe(before);
  });

  test('a move to the same door in another spelling is no news; a move away is two', async () => {
    const same = await write(
      'm.csv',
      `证件号码,迁入地址,迁移日期,迁移类型\n${jia},浙江省宁波市镇海区胜利路１栋2单元301,2026-11-01,区内移居\n`,
    );
    expect(await run(same)).toMatchObject({ kind: 'moves', ...zero, alreadyTrue: 1 });
    await run(
      await write('m2.csv', `证件号码,迁入地址,迁移日期,迁移类型\n${jia},上海市黄浦区某路1号,2026-11-02,迁出\n`),
    );
    expect(await pending()).toEqual([
      ['r1', 'registered_address', '上海市黄浦区某路1号', 'Y'],
      ['r1', 'residence_status', 'moved-out', 'Y'],
    ]);
  });

  test.each([
    ['insurance', `证件号码,参保状态\n${old},居民医保停保\n`, [['r3', 'medical_insurance', 'none', 'R']]],
    [
      'disability',
      `证件号码,残疾类别,残疾等级,发证日期\n${old},肢体残疾,二级,2026-10-10\n`,
      [
        ['r3', 'disability_category', '4', 'Y'],
        ['r3', 'disability_grade', '2', 'Y'],
      ],
    ],
    ['pension', `证件号码,养老金,发放月份\n${old},3100,202610\n`, [['r3', 'pension_fen', 310_000, 'Y']]],
    ['marital', `证件号码,婚姻状况,登记日期\n${jia},结婚,2026-10-10\n`, [['r1', 'marital_status', '20', 'Y']]],
  ] as const)('%s', async (kind, text, expected) => {
    expect(await run(await write(`${kind}.csv`, text))).toMatchObject({ kind, rejected: 0 });
    expect(await pending()).toEqual(expected);
  });

  test('a 15-digit number finds its person', async () => {
    const path = await write('short.csv', `证件号码,养老金\n${old.slice(0, 6)}${old.slice(8, 17)},3100\n`);
    expect(await run(path)).toMatchObject({ proposals: 1, unknownPeople: 0 });
  });
});

describe('what was said before', () => {
  const income = (fen: string, month: string): Promise<string> =>
    write(`i${month}.csv`, `证件号码,月收入,所属月份\n${jia},${fen},${month}\n`);

  test('what stands already is no proposal, and takes back what waited from the same department', async () => {
    expect(await run(await income('5000', '2026-08'))).toMatchObject({ ...zero, alreadyTrue: 1 });
    await run(await income('6000', '2026-09'));
    expect(await run(await income('5000.00', '2026-10'))).toMatchObject({ ...zero, alreadyTrue: 1, superseded: 1 });
    expect(await pending()).toEqual([]);
  });

  test('the later month wins whichever file comes first, decided or not', async () => {
    await run(await income('6500', '2026-10'));
    expect(await run(await income('6000', '2026-09'))).toMatchObject({ ...zero, outdated: 1 });
    const [waiting] = await proposals();
    await decide(waiting?.id ?? '', 'confirmed');
    expect(await run(await income('6000', '2026-09'))).toMatchObject({ ...zero, outdated: 1 });
    expect(await run(await income('6500', '2026-10'))).toMatchObject({ ...zero, repeated: 1 });
  });

  test('what a worker disputed is not asked every month again', async () => {
    await run(await income('6000', '2026-08'));
    const [waiting] = await proposals();
    await decide(waiting?.id ?? '', 'disputed');
    expect(await run(await income('6000', '2026-09'))).toMatchObject({ ...zero, repeated: 1 });
    expect(await run(await income('6100', '2026-10'))).toMatchObject({ ...zero, proposals: 1 });
    expect((await proposals()).map(({ values }) => values['state']).sort()).toEqual(['disputed', 'pending']);
  });
});

describe('bad rows', () => {
  test('commas that shift columns, formulas, garbled text: refused, shown, never run', async () => {
    const text = `证件号码,姓名,月收入,所属月份\n${jia},测试甲,1,204.50,2026-10\n"=HYPERLINK(""x"")",+1,-2,@a\n${jia},测试\uFFFD,6000,2026-10\n`;
    expect(await run(await write('bad.csv', text))).toMatchObject({ rows: 3, rejected: 3, proposals: 0 });
    const lines = (await readFile(join(folder, 'rejected.csv'), 'utf8')).split('\r\n');
    expect(lines[1]).toMatch(/^2,row\.too-many-cells,/);
    expect(lines[2]).toContain(`"'=HYPERLINK(""x"")",'+1,'-2,'@a`);
    expect(lines[2]).toContain('id.characters amount.negative date.invalid');
    expect(lines[3]).toMatch(/^4,row\.garbled,/);
  });

  test('a quote that is never closed costs its own rows, not those before it', async () => {
    const text = `证件号码,姓名,月收入,所属月份\n${jia},测试甲,6000,2026-10\n${old},"测试丙,1800,2026-10\n`;
    const report = await run(await write('quote.csv', text));
    expect(report).toMatchObject({ proposals: 1, rejected: 1 });
    expect(await readFile(join(folder, 'rejected.csv'), 'utf8')).toContain('row.broken');
  });

  test('a clean file takes the reject file of the last try away, and nothing that is not ours', async () => {
    await run(sample);
    const clean = await write('clean.csv', `证件号码,月收入\n${jia},6000\n`);
    expect((await run(clean)).rejectFile).toBeNull();
    await expect(stat(join(folder, 'rejected.csv'))).rejects.toThrow('ENOENT');
    const other = await write('other.csv', 'my notes');
    await run(clean, { rejectPath: other });
    expect(await readFile(other, 'utf8')).toBe('my notes');
  });

  test('fictitious numbers hold in a demonstration only', async () => {
    await database.query('UPDATE district SET demonstration = false');
    expect(await run(sample)).toMatchObject({ rejected: 4, proposals: 0 });
  });
});

describe('files that are not read at all', () => {
  const encrypted = Buffer.concat([
    Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
    Buffer.alloc(600),
    Buffer.from('EncryptedPackage', 'utf16le'),
  ]);
  test.each([
    ['file.empty', Buffer.alloc(0)],
    ['file.empty', Buffer.from(' \r\n\n')],
    ['file.binary', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3])],
    ['file.binary', Buffer.from(Array.from({ length: 400 }, (_, index) => (index * 7) % 32 || 1))],
    ['file.protected', encrypted],
    ['file.old-excel', Buffer.concat([encrypted.subarray(0, 600)])],
    ['file.damaged', Buffer.from('PK\u0003\u0004 this is no workbook')],
    ['header.unknown', Buffer.from('甲,乙\n1,2\n')],
    ['header.unknown', Buffer.from('{"a":1}\n')],
    ['kind.ambiguous', Buffer.from(`身份证号,月收入,养老金\n${jia},1,2\n`)],
  ])('%s', async (code, content) => {
    const before = await snapshot();
    expect(await refusal(await write('strange.bin', content))).toBe(code);
    expect(await snapshot()).toBe(before);
    await expect(stat(join(folder, 'rejected.csv.partial'))).rejects.toThrow('ENOENT');
  });

  test('a missing file, a folder, an unknown county, a kind that the columns do not carry', async () => {
    expect(await refusal(join(folder, 'nothing.csv'))).toBe('file.missing');
    expect(await refusal(folder)).toBe('file.missing');
    expect(await refusal(sample, { county: '330212' })).toBe('county.unknown');
    expect(await refusal(sample, { kind: 'deaths' })).toBe('kind.columns-missing');
  });

  test('a forced kind settles what is ambiguous', async () => {
    const path = await write('both.csv', `身份证号,月收入,养老金\n${old},1,2\n`);
    expect(await run(path, { kind: 'pension' })).toMatchObject({ kind: 'pension', proposals: 1 });
  });
});

describe('the command', () => {
  const spoken = (): {
    lines: string[];
    errors: string[];
    print: (line: string) => void;
    tell: (line: string) => void;
  } => {
    const lines: string[] = [];
    const errors: string[] = [];
    return { lines, errors, print: (line) => lines.push(line), tell: (line) => errors.push(line) };
  };

  test('says what became of the rows and ends with 0, bad rows or not', async () => {
    const output = spoken();
    expect(await runImport(database, sample, { ...options, rejectPath: join(folder, 'rejected.csv') }, output)).toBe(0);
    expect(output.lines[0]).toBe('settlements: 4 rows, 2 new proposals, 2 rows rejected');
    expect(output.lines.at(-1)).toBe(`rejected rows with reasons: ${join(folder, 'rejected.csv')}`);
    expect(output.errors).toEqual([]);
  });

  test('names the code and the way out and ends with 1 when a file is not read', async () => {
    const output = spoken();
    expect(await runImport(database, join(folder, 'nothing.csv'), options, output)).toBe(1);
    expect(output.errors).toEqual(['file.missing: there is no such file']);
    expect(output.lines).toEqual([]);
  });
});
