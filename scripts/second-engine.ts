// Runs the contract suites on Amazon's DynamoDB Local, to check the table engine against a second implementation. Needs Java. The
// jar comes from an npm package that is downloaded into a cache, outside the project's dependencies.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../local/http/loopback.ts';

const PACKAGE = 'amplify-dynamodb-simulator@2.9.30';
const CACHE = join('node_modules', '.cache', 'second-engine');
const EMULATOR = join(CACHE, 'package', 'emulator');
const START_MILLISECONDS = 30_000;

const fetchJar = (): void => {
  if (existsSync(join(EMULATOR, 'DynamoDBLocal.jar'))) return;
  mkdirSync(CACHE, { recursive: true });
  const packed = execFileSync('npm', ['pack', '--silent', PACKAGE], { cwd: CACHE, encoding: 'utf8' }).trim();
  execFileSync('tar', ['xzf', packed], { cwd: CACHE });
};

const listens = (port: number): Promise<boolean> =>
  new Promise((answer) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
    socket.once('connect', () => socket.destroy());
  });

const port = await freePort();
fetchJar();
const java = ['-Djava.library.path=DynamoDBLocal_lib', '-jar', 'DynamoDBLocal.jar', '-inMemory', '-port', String(port)];
const engine = spawn('java', java, { cwd: EMULATOR, stdio: 'ignore' });
engine.once('error', () => {
  console.error('java is needed to run DynamoDB Local');
  process.exit(1);
});
for (const giveUpAt = Date.now() + START_MILLISECONDS; !(await listens(port)); await sleep(100)) {
  if (Date.now() > giveUpAt) throw new Error('DynamoDB Local did not start');
}
const TEST_ENGINE_URL = `http://127.0.0.1:${port}`;
const env = { ...process.env, TEST_ENGINE_URL };
const suites = spawn('vitest', ['run', '--project', 'contract'], { env, stdio: 'inherit' });
const [code] = await once(suites, 'exit');
engine.kill();
process.exitCode = code ?? 1;
