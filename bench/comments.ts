/** What limits a figure, for the day when its budget is missed: found by profiling, not guessed. By figure id. */
export const comments: Readonly<Partial<Record<string, string>>> = {};
