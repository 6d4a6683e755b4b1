/** Reads the test runners' JSON reports. */

/** @typedef {{ passed: number, failed: number, skipped: number }} Totals */

/**
 * A count out of a report; a report without it is not the report we know, and must not pass for "no failures".
 * @param {unknown} report
 * @param {string} name
 * @returns {number}
 */
function count(report, name) {
  const value =
    typeof report === 'object' && report !== null ? /** @type {Record<string, unknown>} */ (report)[name] : undefined;
  if (typeof value !== 'number') throw new Error(`the test report has no number "${name}"`);
  return value;
}

/**
 * @param {'vitest' | 'playwright'} runner
 * @param {unknown} report the parsed report
 * @returns {Totals} a test that passed only when tried again counts as failed
 */
export function totalsOf(runner, report) {
  if (runner === 'vitest') {
    return {
      passed: count(report, 'numPassedTests'),
      failed: count(report, 'numFailedTests'),
      skipped: count(report, 'numPendingTests') + count(report, 'numTodoTests'),
    };
  }
  const stats = typeof report === 'object' && report !== null && 'stats' in report ? report.stats : undefined;
  return {
    passed: count(stats, 'expected'),
    failed: count(stats, 'unexpected') + count(stats, 'flaky'),
    skipped: count(stats, 'skipped'),
  };
}

/**
 * @param {readonly Totals[]} all
 * @returns {Totals}
 */
export function sumOf(all) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of all) {
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
  }
  return sum;
}
