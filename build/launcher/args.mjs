/** The command line of the launcher. */

export const COMMANDS = /** @type {const} */ (['start', 'test', 'package', 'bench', 'central', 'tour']);

/** @typedef {(typeof COMMANDS)[number]} Command */

/** `npm start` opens on a district of this many residents: quick to make, large enough to search in. */
export const DEFAULT_RESIDENTS = 5000;

export const USAGE = `Doorstep

  npm start                          set up what is missing, then open the app on a demonstration district
  npm start -- --tour                play the whole story unattended, with a screenshot of every screen in out/tour/
  npm start -- --residents 100000    a district of another size (default ${DEFAULT_RESIDENTS})
  npm start -- --seed 7              other people in it
  npm start -- --fresh               forget the demonstration data of earlier starts
  npm test                           set up what is missing, then run every check and test
  npm test -- --only unit,e2e        run some of its steps (npm test -- --list names them)
  npm run package                    make the packaged app in out/package/
  npm run bench -- <arguments>       the benchmarks
  npm run central -- <arguments>     the central gateway's own commands, for example: import <file>
`;

/**
 * What to do, read from the command line.
 * @typedef {{ command: 'help' }
 *   | { command: 'start', tour: boolean, residents: number, seed: number | null, fresh: boolean }
 *   | { command: 'test', list: boolean, only: readonly string[] }
 *   | { command: 'package' }
 *   | { command: 'bench' | 'central' | 'tour', rest: readonly string[] }
 *   | { command: 'wrong', problem: string }} Order
 */

/**
 * Reads the command line. `bench`, `central` and `tour` hand all that follows on as it is.
 * @param {readonly string[]} argv the arguments after the script's name
 * @returns {Order} `wrong` with a sentence when it cannot be understood; never throws
 */
export function parseArguments(argv) {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') return { command: 'help' };
  const command = COMMANDS.find((known) => known === name);
  switch (command) {
    case undefined:
      return { command: 'wrong', problem: `There is no command "${name}".` };
    case 'start':
      return parseStart(rest);
    case 'test':
      return parseTest(rest);
    case 'package':
      return rest.length === 0 ? { command } : { command: 'wrong', problem: `"package" takes no arguments.` };
    case 'bench':
    case 'central':
    case 'tour':
      return { command, rest };
  }
}

/**
 * Splits `--name=value` and reads a whole number out of it or out of the next argument.
 * @param {string} option
 * @param {string | undefined} value
 * @param {number} least
 * @returns {number | string} the number, or the sentence that says what is wrong
 */
function wholeNumber(option, value, least) {
  if (value === undefined || !/^\d{1,9}$/.test(value) || Number(value) < least) {
    return `${option} takes a whole number of at least ${least}.`;
  }
  return Number(value);
}

/**
 * @param {readonly string[]} rest
 * @returns {Order}
 */
function parseStart(rest) {
  let tour = false;
  let fresh = false;
  let residents = DEFAULT_RESIDENTS;
  /** @type {number | null} */
  let seed = null;
  const words = rest.flatMap((word) =>
    /^--\w+=/.test(word) ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] : [word],
  );
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    if (word === '--tour') tour = true;
    else if (word === '--fresh') fresh = true;
    else if (word === '--help' || word === '-h') return { command: 'help' };
    else if (word === '--residents' || word === '--seed') {
      i += 1;
      const number = wholeNumber(word, words[i], word === '--seed' ? 0 : 1);
      if (typeof number === 'string') return { command: 'wrong', problem: number };
      if (word === '--seed') seed = number;
      else residents = number;
    } else return { command: 'wrong', problem: `"start" does not know ${word}.` };
  }
  return { command: 'start', tour, residents, seed, fresh };
}

/**
 * @param {readonly string[]} rest
 * @returns {Order}
 */
function parseTest(rest) {
  let list = false;
  /** @type {string[]} */
  let only = [];
  for (let i = 0; i < rest.length; i += 1) {
    const word = rest[i] ?? '';
    if (word === '--list') list = true;
    else if (word === '--only' || word.startsWith('--only=')) {
      const names = word === '--only' ? rest[(i += 1)] : word.slice('--only='.length);
      only = (names ?? '').split(',').filter((name) => name !== '');
      if (only.length === 0)
        return { command: 'wrong', problem: '--only takes the names of steps, with commas between.' };
    } else return { command: 'wrong', problem: `"test" does not know ${word}.` };
  }
  return { command: 'test', list, only };
}
