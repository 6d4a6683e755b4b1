/** Every event the centre logs, one sentence each. A line that is not in here is not written. */
export const events = {
  'gateway.ready': 'The gateway takes requests.',
  'gateway.stopping': 'The gateway takes no new requests and finishes those in flight.',
  'gateway.stopped': 'The gateway has let go of everything.',
  'gateway.failed': 'The gateway could not start.',
  'database.started': 'The embedded PostgreSQL runs.',
  'database.said': 'A line of the embedded PostgreSQL.',
  'database.migrated': 'Migrations ran.',
  'database.unavailable': 'The database cannot be reached.',
  'request.done': 'A request was answered.',
  'request.failed': 'A request failed inside the gateway.',
  'device.enrolled': 'A device was enrolled.',
  'device.refused': 'A device was refused.',
  'clock.ahead': 'A device has a clock that differs by more than five minutes.',
  'push.done': 'A push was judged.',
  'district.progress': 'The demonstration district grows.',
  'import.done': 'A department file was read.',
} as const;
export type EventCode = keyof typeof events;

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Names under which people's data travel in this product; a line with one of them loses it. */
const personalNames: ReadonlySet<string> = new Set([
  ...['name', 'personname', 'fullname', 'username', 'idno', 'idnumber', 'idcard', 'phone', 'mobile', 'tel', 'contact'],
  ...[
    'emergencycontact',
    'address',
    'addresstext',
    'registeredaddress',
    'fulltext',
    'householder',
    'birthdate',
    'workplace',
  ],
  ...[
    'value',
    'before',
    'after',
    'base',
    'fields',
    'values',
    'summary',
    'notes',
    'note',
    'caption',
    'body',
    'delta',
    'deltas',
  ],
  ...['token', 'code', 'password', 'key', 'assertion', 'authorization', 'vote', 'ballot', 'message'],
]);

const looksPersonal = [
  // Citizen ID number: 17 digits and a check character; the 15-digit one of old.
  /(?<!\d)\d{17}[\dXx](?!\d)/,
  /(?<!\d)\d{15}(?!\d)/,
  // Mobile number.
  /(?<!\d)1[3-9]\d{9}(?!\d)/,
  // Chinese text is never an event's fact here: names, addresses and remarks are.
  /\p{Script=Han}/u,
];

const plainName = (name: string): string => name.toLowerCase().replaceAll(/[^a-z]/g, '');

/**
 * Takes out what is about people: by the field's name, and by what its text looks like.
 * @returns the fields that may be written, with the names (never the values) of those refused under `refused`
 */
export function withoutPersonalData(fields: LogFields): LogFields {
  const kept: Record<string, string | number | boolean | null | undefined> = {};
  const refused: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    const isPersonal =
      personalNames.has(plainName(name)) || looksPersonal.some((pattern) => pattern.test(String(value ?? '')));
    if (isPersonal) refused.push(name);
    else kept[name] = value;
  }
  return refused.length === 0 ? kept : { ...kept, refused: refused.join(',') };
}

export type Level = 'info' | 'warn' | 'error';

/** Writes events as JSON lines. */
export interface Log {
  event(code: EventCode, fields?: LogFields, level?: Level): void;
}

/** @param write takes one line; standard error unless told */
export function createLog(write: (line: string) => void = (line) => process.stderr.write(line)): Log {
  return {
    event(code, fields = {}, level = 'info') {
      const line = { at: new Date().toISOString(), level, event: code, ...withoutPersonalData(fields) };
      write(`${JSON.stringify(line)}\n`);
    },
  };
}

/** For tests and tools that want no lines. */
export const silentLog: Log = { event: () => undefined };

/** An error for a log line: kind, code and where it came from. Its message may quote people's data, so it stays out. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error };
  const sqlState = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    error: error.name,
    sqlState,
    where: frames
      .slice(0, 6)
      .map((line) => line.trim())
      .join(' < '),
  };
}
