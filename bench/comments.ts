/** What limits a figure, for the day when its budget is missed: found by profiling, not guessed. By figure id. */
export const comments: Readonly<Partial<Record<string, string>>> = {
  'first-load':
    'One thread of the replica works for the seconds of processor time listed below the table; on a machine shared with other ' +
    'work it waits for its core besides. Encrypting pages at each commit and building the search index are the largest shares.',
  'commit-edit':
    'The processor time of one commit is listed below the table; what is above it is waiting, for the flush of the disk and, on a ' +
    'machine shared with other work, for a core.',
  'commit-confirm':
    'Two rows and two deltas in one transaction instead of one: nearly twice an edit. What is above the processor time is waiting, as there.',
  usable:
    'About one second of it is processor time of unlocking on purpose: deriving the key (scrypt) and quick_check over the whole file; then ' +
    'the window loads its first screen. On a machine shared with other work each step waits for a core.',
  memory:
    "Chromium's own floor, measured at the unlock page, is the larger part; other Electrons running meanwhile make both figures look " +
    'smaller, since shared pages are split among all. The window (some 145 MB) and the page caches of the replica service are what we add. ' +
    'Folding the network and GPU processes into the one of the browser was tried: 14 MB less.',
};
