import { clusterVariable, startCluster } from './cluster.ts';

/**
 * Vitest `globalSetup`: one PostgreSQL for the whole run, announced to the workers by an environment variable.
 * Each test file takes databases of its own from it.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const cluster = await startCluster();
  process.env[clusterVariable] = cluster.url;
  return async () => {
    delete process.env[clusterVariable];
    await cluster.stop();
  };
}
