/** The packaged app's fuses: what they must be, read back from the binary itself. */

/**
 * The names in Electron's fuse wire, and the setting of each (true is on). The same values stand in
 * electron-builder.yml, which sets them; this list only judges the outcome.
 * @type {Readonly<Record<string, boolean>>}
 */
export const WANTED_FUSES = {
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
};

/** How the wire writes on and off (ASCII digits); other values mean that this Electron lacks the fuse. */
const ON = 49;
const OFF = 48;

/**
 * Compares a fuse wire with what we want.
 * @param {Readonly<Record<string, unknown>>} wire each fuse's index and its byte, as @electron/fuses reads it
 * @param {Readonly<Record<string, unknown>>} indexes each fuse's name and its index
 * @returns {string[]} one sentence for each fuse that differs; empty when all is well
 */
export function wrongFuses(wire, indexes) {
  const problems = [];
  for (const [name, wanted] of Object.entries(WANTED_FUSES)) {
    const actual = wire[String(indexes[name])];
    if (actual === (wanted ? ON : OFF)) continue;
    const seen = actual === ON ? 'on' : actual === OFF ? 'off' : 'missing';
    problems.push(`${name} is ${seen}, must be ${wanted ? 'on' : 'off'}`);
  }
  return problems;
}
