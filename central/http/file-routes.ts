import type { App, Context } from './context.ts';
export async function fileRoutes(_app: App, _context: Context): Promise<void> {}
