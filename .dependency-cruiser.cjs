/**
 * The import walls between the rooms. Imports point one way: renderer, electron/* and central to shared, nothing back, and
 * no room into a sibling. Tests obey the same walls, but may import test tools.
 */

const ROOMS = ['electron/main', 'electron/preload', 'electron/replica', 'electron/devices', 'renderer', 'central'];
const AREAS = ['visits', 'residents', 'conflicts', 'sync', 'settings', 'unlock'];
const PURE_LIBRARIES = ['zod'];
const TEST = '\\.test\\.(ts|mjs)$';

/** @param {string} name */
const escaped = (name) => name.replaceAll('/', '\\/');

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment:
        'Two files that need each other are one file, or three. Types may point at each other: they are gone at run time.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'shared-is-pure',
      severity: 'error',
      comment: 'shared/ runs in the window, in services and at the centre: it imports itself and pure libraries only.',
      from: { path: '^shared/', pathNot: TEST },
      to: { pathNot: ['^shared/', `^node_modules/(${PURE_LIBRARIES.join('|')})/`] },
    },
    {
      name: 'shared-tests-are-pure-too',
      severity: 'error',
      comment: 'Tests of shared/ add test tools and files to read, never another room.',
      from: { path: `^shared/.*${TEST}` },
      to: { path: `^(${[...ROOMS, 'e2e', 'bench', 'build'].map(escaped).join('|')})/` },
    },
    ...ROOMS.map((room) => ({
      name: `${room.replace('/', '-')}-imports-shared-only`,
      severity: /** @type {const} */ ('error'),
      comment: `${room} speaks to other rooms through shared/contract, never by import.`,
      from: { path: `^${escaped(room)}/` },
      to: {
        path: '^(electron|renderer|central|build|tests|e2e|bench)/',
        pathNot: `^${escaped(room)}/`,
      },
    })),
    {
      name: 'preload-imports-the-contract-only',
      severity: 'error',
      comment: 'The bridge is the smallest room: of shared/ it needs the contract and what that rests on.',
      from: { path: '^electron/preload/', pathNot: TEST },
      to: { path: '^shared/', pathNot: '^shared/(contract/|result\\.ts$)' },
    },
    {
      name: 'replica-store-imports-no-use-case',
      severity: 'error',
      comment: 'commands, queries and sync use the store; the store knows none of them.',
      from: { path: '^electron/replica/store/' },
      to: { path: '^electron/replica/(commands|queries|sync)/' },
    },
    {
      name: 'work-areas-keep-to-themselves',
      severity: 'error',
      comment: 'A work area of the window uses components/ and app/, never the inside of another area.',
      from: { path: `^renderer/(${AREAS.join('|')})/` },
      to: { path: `^renderer/(${AREAS.join('|')})/`, pathNot: '^renderer/$1/' },
    },
    {
      name: 'components-know-no-area',
      severity: 'error',
      comment: 'Shared components serve every area, so they know none of them.',
      from: { path: '^renderer/components/' },
      to: { path: `^renderer/(${AREAS.join('|')})/` },
    },
    {
      name: 'only-the-replica-and-the-centre-speak-sql',
      severity: 'error',
      from: { path: '^(shared|renderer|electron)/', pathNot: '^electron/replica/' },
      to: { path: '^node_modules/(better-sqlite3|pg)/' },
    },
    {
      name: 'only-devices-touch-hardware',
      severity: 'error',
      from: { path: '^(shared|renderer|central|electron)/', pathNot: '^electron/devices/' },
      to: { path: '^node_modules/(node-hid|serialport)/' },
    },
    {
      name: 'nothing-imports-the-tests',
      severity: 'error',
      from: { path: '^(shared|electron|renderer|central|build)/', pathNot: TEST },
      to: { path: `^(tests|e2e|bench)/|${TEST}` },
    },
    {
      name: 'the-app-imports-no-build-tool',
      severity: 'error',
      comment: 'Only packages under "dependencies" are there at run time; electron itself is the run time.',
      from: { path: '^(shared|electron|renderer|central)/', pathNot: TEST },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
        pathNot: ['^node_modules/electron/', '\\.d\\.ts$'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^out/' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
