import { z } from 'zod';
import type { WindowFacts } from './window.ts';

const DemoCodes = z.array(z.strictObject({ user: z.string(), name: z.string(), code: z.string() })).max(50);

/**
 * Facts from the environment of a demonstration start. A packaged app ignores them: an installation is enrolled by
 * hand, and nothing in its surroundings may point it at a centre.
 */
export function readFacts(
  environment: Readonly<Record<string, string | undefined>>,
  packaged: boolean,
  platform: string,
): WindowFacts {
  const gateway = environment['DOORSTEP_GATEWAY'];
  const demo = environment['DOORSTEP_DEMO'];
  if (packaged) return { gateway: null, demoCodes: [], platform };
  return {
    gateway: gateway !== undefined && URL.canParse(gateway) ? gateway : null,
    demoCodes: demo === undefined ? [] : parseCodes(demo),
    platform,
  };
}

function parseCodes(text: string): WindowFacts['demoCodes'] {
  try {
    const parsed = DemoCodes.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : [];
  } catch {
    return [];
  }
}
