/**
 * Lines that Chromium prints on every machine without a desktop session or a graphics card. They say nothing about the app,
 * and a reader would take them for its errors.
 */
const NOISE = [/:ERROR:(object_proxy|bus)\.cc\(/, /:ERROR:viz_main_impl\.cc\(/, /:WARNING:sandbox_linux\.cc\(/];

/**
 * @param {string} line
 * @returns {boolean} whether the line is worth a person's time
 */
export function isWorthShowing(line) {
  return line.trim() !== '' && !NOISE.some((pattern) => pattern.test(line));
}
