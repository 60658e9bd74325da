// Runs the examples in Python with the Python of this machine, if there is one. Nothing is written beside the examples.
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import type { Keyhold } from '../http/local-server.ts';

/** Fails where the module is not installed, without loading it. */
const findModule = (name: string): string => `import importlib.util as u; exit(u.find_spec('${name}') is None)`;

/** Whether Python can be run, perhaps with a module. */
export const hasPython = (module = 'sys'): boolean => spawnSync('python3', ['-c', findModule(module)]).status === 0;

/** What Python prints, as a worker of the server. Rejects when it fails, with what it wrote to stderr. */
export const runPython = async ({ url }: Keyhold, args: readonly string[]): Promise<string> => {
  const env = {
    ...process.env,
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONPATH: 'docs/examples',
    KEYHOLD_URL: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  const { stdout } = await promisify(execFile)('python3', args, { env });
  return stdout;
};
