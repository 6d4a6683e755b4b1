/** One line of the service's log: an event code and small facts. Never personal data, never a value of a row. */
export type Log = (
  level: 'info' | 'warn' | 'error',
  event: string,
  facts?: Readonly<Record<string, string | number | boolean>>,
) => void;

/** For tests and tools that want no log. */
export const silent: Log = () => undefined;
