// The packed package, installed in a project of its own: it has all it needs, its types pass a strict compiler, and plain Node runs it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Consumer, makeConsumer, readExports } from '../../support/client/consumer.ts';
import { type Keyhold, startKeyhold } from '../../support/http/local-server.ts';

let keyhold: Keyhold;
let consumer: Consumer;
beforeAll(async () => {
  [keyhold, consumer] = await Promise.all([startKeyhold(), makeConsumer()]);
});
afterAll(() => keyhold.stop());

describe('the package', () => {
  it('holds the built client and the command, and no source of the service', () => {
    expect(consumer.packed).toEqual(
      expect.arrayContaining(['package.json', 'dist/client/index.js', 'cli/keyhold.mjs']),
    );
    const unexpected = consumer.packed.filter(
      (path) => !/^(?:dist\/|package\.json$|README\.md$|cli\/keyhold\.mjs$)/.test(path),
    );
    expect(unexpected).toEqual([]);
    expect(consumer.packed.filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))).toEqual([]);
  });

  it.each([
    ['keyhold/client', 'index'],
    ['keyhold/client/browser', 'browser'],
  ])('has types in %s that a strict project can import, every one', async (specifier, entry) => {
    const names = readExports(consumer.folder, entry);
    expect(names.length).toBeGreaterThan(40);
    const lines = names.map((name) => `export type { ${name} } from '${specifier}';`);
    consumer.write('types.ts', lines.join('\n'));
    expect(await consumer.compile(['types.ts'], { skipLibCheck: false })).toEqual([]);
  });

  it('refuses in the compiler what the contract refuses', async () => {
    consumer.write(
      'wrong.ts',
      `import { createWorker } from 'keyhold/client';
const keyhold = createWorker({ url: 'http://127.0.0.1:3000' });
await keyhold.addCredential('alice', { type: 'api_key', provider: 'openai' });
await keyhold.editCredentials('alice', { put: [], delete: [] });
const outcome = await keyhold.resolve('alice', { provider: 'openai' });
console.log(outcome.headers);`,
    );
    const errors = await consumer.compile(['wrong.ts']);
    expect(errors.map((line) => line.match(/error (TS\d+)/)?.[1]).filter(Boolean)).toEqual([
      'TS2345',
      'TS2554',
      'TS2339',
    ]);
  });

  it('runs in plain Node', async () => {
    consumer.write(
      'main.mjs',
      `import { createWorker } from 'keyhold/client';
const keyhold = createWorker({ url: process.env.KEYHOLD_URL });
await keyhold.addCredential('alice@example.com', { type: 'api_key', provider: 'openai', apiKey: 'sk-plain-node' });
const outcome = await keyhold.resolve('alice@example.com', { provider: 'openai' });
console.log(outcome.kind, outcome.headers.authorization);`,
    );
    const { exitCode, stdout, stderr } = await consumer.node(['main.mjs'], { KEYHOLD_URL: keyhold.url });
    expect([exitCode, stdout, stderr]).toEqual([0, 'resolved Bearer sk-plain-node\n', '']);
  });
});
