/** `npm test`: the set-up, then every step of test-steps.mjs until one fails. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ensureAppBuilt } from '../launcher/app-build.mjs';
import { Crew } from '../launcher/crew.mjs';
import { openDisplay } from '../launcher/display.mjs';
import { readPackage } from '../launcher/json.mjs';
import { LauncherError, formatDuration, say, step } from '../launcher/report.mjs';
import { capture } from '../launcher/run.mjs';
import { setUp } from '../launcher/set-up.mjs';
import { sumOf, totalsOf } from '../launcher/totals.mjs';
import { TEST_STEPS } from '../test-steps.mjs';
import { existingPackage, makePackage } from './package.mjs';

/** A failing step shows all of its output, but no more than a person or a log can bear. */
const MOST_OUTPUT_LINES = 400;

/**
 * @typedef {import('../test-steps.mjs').TestStep} TestStep
 * @typedef {Extract<TestStep, { kind: 'tool' }>} ToolStep
 */

/**
 * @param {string} root
 * @param {{ list: boolean, only: readonly string[] }} order
 * @returns {Promise<number>} 0 when every step passed
 */
export async function test(root, { list, only }) {
  if (list) {
    for (const { name, title } of TEST_STEPS) say(`${name.padEnd(18)} ${title}`);
    return 0;
  }
  const unknown = only.filter(
    (name) => !TEST_STEPS.some((known) => known.name === name || known.name.startsWith(`${name}:`)),
  );
  if (unknown.length > 0)
    throw new LauncherError(`There is no test step ${unknown.join(', ')}.`, ['npm test -- --list names them.']);
  const wanted = TEST_STEPS.filter(
    ({ name }) => only.length === 0 || only.some((part) => name === part || name.startsWith(`${part}:`)),
  );

  const started = Date.now();
  const ready = await setUp(root);
  const crew = new Crew();
  /** @type {import('../launcher/totals.mjs').Totals[]} */
  const totals = [];
  let done = 0;
  let failure = '';
  try {
    // A run of the packaged story alone takes the package that is there.
    let environment = { ...ready.environment, DOORSTEP_PACKAGED: existingPackage(root) ?? '' };
    if (wanted.some((one) => one.kind === 'tool' && one.window === true)) {
      const display = await openDisplay(environment);
      crew.add(display.close);
      environment = { ...environment, ...display.environment };
    }
    for (const one of wanted) {
      if (one.kind === 'tool') await runTool(root, one, environment, totals);
      else if (one.task === 'build') await ensureAppBuilt(root);
      else environment = { ...environment, DOORSTEP_PACKAGED: await makePackage(root, ready) };
      done += 1;
    }
  } catch (error) {
    if (!(error instanceof LauncherError)) throw error;
    failure = error.message;
    for (const line of error.next) say(line);
  } finally {
    await crew.dismiss();
  }
  if (crew.askedToStop) return 130;
  const { passed, failed, skipped } = sumOf(totals);
  say('');
  if (failure !== '') say(failure);
  say(`${done} of ${wanted.length} steps passed in ${formatDuration(Date.now() - started)}`);
  say(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return failure === '' ? 0 : 1;
}

/**
 * Where a package's program is: run by this Node directly, since the wrappers in .bin may find another one.
 * @param {string} root
 * @param {ToolStep} tool
 * @returns {string}
 */
function programOf(root, { package: name, bin = name }) {
  const folder = join(root, 'node_modules', name);
  const programs = readPackage(folder).bin;
  const path = typeof programs === 'string' ? programs : programs?.[bin];
  if (path === undefined) throw new Error(`package ${name} has no program ${bin}`);
  return join(folder, path);
}

/**
 * @param {string} root
 * @param {ToolStep} tool
 * @param {NodeJS.ProcessEnv} environment
 * @param {import('../launcher/totals.mjs').Totals[]} totals
 */
async function runTool(root, tool, environment, totals) {
  const { report } = tool;
  const file = report === undefined ? null : join(root, report.file);
  if (file !== null) {
    // A report of an earlier run must never be read as this one's.
    rmSync(file, { force: true });
    mkdirSync(dirname(file), { recursive: true });
  }
  await step(tool.title, async (progress) => {
    const { code, output } = await capture(process.execPath, [programOf(root, tool), ...tool.args], {
      cwd: root,
      env: { ...environment, ...tool.environment, ...(file === null ? {} : { PLAYWRIGHT_JSON_OUTPUT_NAME: file }) },
      onLine: (line) => progress(line.slice(0, 100)),
    });
    let summary = '';
    if (report !== undefined && file !== null && existsSync(file)) {
      const found = totalsOf(report.runner, JSON.parse(readFileSync(file, 'utf8')));
      totals.push(found);
      summary = `${found.passed} passed, ${found.failed} failed`;
      if (code === 0 && found.skipped > 0)
        throw new LauncherError(`${tool.title}: ${found.skipped} tests were skipped; a test runs or goes.`);
      if (code === 0 && found.passed === 0) throw new LauncherError(`${tool.title}: no test ran.`);
    } else if (report !== undefined && code === 0) throw new LauncherError(`${tool.title}: the runner left no report.`);
    if (code !== 0)
      throw new LauncherError(`Failed: ${tool.title}`, output.trimEnd().split('\n').slice(-MOST_OUTPUT_LINES));
    return summary;
  }).then((summary) => {
    if (summary !== '') say(`  ${summary}`);
  });
}
