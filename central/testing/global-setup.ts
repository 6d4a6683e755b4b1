import { clusterVariable, startCluster } from './cluster.ts';

let cluster: Awaited<ReturnType<typeof startCluster>> | undefined;

/**
 * Vitest `globalSetup`: one PostgreSQL for the whole run, announced to the workers by an environment variable.
 * Each test file takes databases of its own from it.
 */
export async function setup(): Promise<void> {
  cluster = await startCluster();
  process.env[clusterVariable] = cluster.url;
}

export async function teardown(): Promise<void> {
  Reflect.deleteProperty(process.env, clusterVariable);
  await cluster?.stop();
}
