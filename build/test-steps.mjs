/**
 * What `npm test` runs, in this order, after the set-up. The first step that fails ends the run.
 *
 * A `tool` step runs a program of an installed package; its `report` names the JSON file from which the totals are read.
 * A `task` step is one of the launcher's own; commands/test.mjs knows them by name.
 */

/**
 * @typedef {{ name: string, title: string } & (
 *   | { kind: 'tool', package: string, bin?: string, args: readonly string[], window?: boolean,
 *       report?: { runner: 'vitest' | 'playwright', file: string }, environment?: Readonly<Record<string, string>> }
 *   | { kind: 'task', task: 'build' | 'package' }
 * )} TestStep
 */

/** Folders with a tsconfig of their own. */
const ROOMS = [
  'shared',
  'electron/main',
  'electron/preload',
  'electron/replica',
  'central',
  'tests',
  'e2e',
  'bench',
  'build',
];

/** @type {readonly TestStep[]} */
export const TEST_STEPS = [
  {
    name: 'format',
    title: 'Formatting',
    kind: 'tool',
    package: 'prettier',
    args: ['--check', '--log-level', 'warn', '.'],
  },
  { name: 'lint', title: 'Lint', kind: 'tool', package: 'eslint', args: ['--max-warnings', '0', '.'] },
  {
    name: 'walls',
    title: 'Import walls',
    kind: 'tool',
    package: 'dependency-cruiser',
    bin: 'depcruise',
    args: [
      '--config',
      '.dependency-cruiser.cjs',
      'shared',
      'electron',
      'renderer',
      'central',
      'build',
      'tests',
      'e2e',
      'bench',
    ],
  },
  ...ROOMS.map(
    (room) =>
      /** @type {const} */ ({
        name: `types:${room}`,
        title: `Types of ${room}`,
        kind: 'tool',
        package: 'typescript',
        bin: 'tsc',
        args: ['-p', room],
      }),
  ),
  { name: 'types:renderer', title: 'Types of renderer', kind: 'tool', package: 'vue-tsc', args: ['-p', 'renderer'] },
  {
    name: 'unit',
    title: 'Unit, property and cross-room tests',
    kind: 'tool',
    package: 'vitest',
    args: ['run', '--reporter=dot', '--reporter=json', '--outputFile.json=out/reports/unit.json'],
    report: { runner: 'vitest', file: 'out/reports/unit.json' },
  },
  { name: 'build', title: 'Build', kind: 'task', task: 'build' },
  {
    name: 'e2e',
    title: 'End-to-end tests in Electron',
    kind: 'tool',
    package: 'playwright',
    args: ['test', '--project=app', '--reporter=list,json'],
    window: true,
    report: { runner: 'playwright', file: 'out/reports/e2e.json' },
  },
  { name: 'package', title: 'Package', kind: 'task', task: 'package' },
  {
    name: 'packaged',
    title: 'The smoke story on the packaged app',
    kind: 'tool',
    package: 'playwright',
    args: ['test', '--project=packaged', '--reporter=list,json'],
    window: true,
    report: { runner: 'playwright', file: 'out/reports/packaged.json' },
  },
];
