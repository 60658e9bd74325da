// Bundles the functions and measures the groups one after another, each in a process of its own with nothing of another in it.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BundleKind, bundleFunction, functionNames } from '../backend/bundles.ts';
import type { Effort, Findings } from './figure.ts';
import type { GroupOrder } from './group-order.ts';
import type { GroupName } from './names.ts';

const RUNNER = new URL('run-group.ts', import.meta.url);
/** A hang limit of one group. */
const LIMIT_MILLISECONDS = 300_000;

const bundleAll = (kind: BundleKind, folder: string, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, bundleFunction(name, kind, folder).path]));

const runGroup = async (order: GroupOrder): Promise<Findings> => {
  const child = fork(RUNNER, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const late = setTimeout(() => child.kill('SIGKILL'), LIMIT_MILLISECONDS);
  child.send(order);
  const ended = once(child, 'exit');
  try {
    const [findings] = await Promise.race([
      once(child, 'message'),
      ended.then(([code, signal]) =>
        Promise.reject(new Error(`the figures of ${order.group} ended with ${code ?? signal}`)),
      ),
    ]);
    await ended;
    return findings as Findings;
  } finally {
    clearTimeout(late);
  }
};

/** Measures the groups; calls `say` for each. */
export const runGroups = async (
  groups: readonly GroupName[],
  effort: Effort,
  say: (line: string) => void,
): Promise<Findings> => {
  const folder = mkdtempSync(join(tmpdir(), 'keyhold-bench-'));
  const findings: Findings = { figures: [], units: [] };
  try {
    const names = groups.includes('cold') ? functionNames : ['runtime-api'];
    const deployed = bundleAll('deployed', folder, names);
    const naive = groups.includes('cold') ? bundleAll('naive', folder, names) : {};
    for (const group of groups) {
      const startedAt = performance.now();
      const { figures, units } = await runGroup({ group, effort, folder, deployed, naive });
      findings.figures.push(...figures);
      findings.units.push(...units);
      say(`${group}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return findings;
};
