/** What limits a figure, for the day when its budget is missed: found by profiling, not guessed. By figure id. */
export const comments: Readonly<Partial<Record<string, string>>> = {
  'first-load':
    'One thread of the replica works for the seconds of processor time listed below the table; on a machine shared with other ' +
    'work it waits for its core besides. Encrypting pages at each commit and building the search index are the largest shares.',
  'commit-edit':
    'The processor time of one commit is listed below the table; what is above it is waiting, for the flush of the disk and, on a ' +
    'machine shared with other work, for a core.',
  'commit-confirm':
    'Two rows and two deltas in one transaction instead of one, so about half as much again as an edit; the waiting is the same.',
  usable:
    'Deriving the key (scrypt) and quick_check over the whole file come first; then the window loads its first screen. On a shared ' +
    'machine each of them waits for a core.',
  memory:
    'Chromium and its helpers are the larger part; the replica service holds two page caches and the lists of row numbers.',
};
