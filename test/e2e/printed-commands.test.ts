// Every block of commands that a newcomer is shown, by the banner and by README.md, pasted into bash and into zsh.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Keyhold, startKeyhold } from '../support/http/local-server.ts';
import { expectAnswers } from '../support/process/expect-answers.ts';
import {
  isInstalled,
  type PastedBlock,
  pasteInto,
  SHELLS,
  type ShellName,
} from '../support/process/pasted-commands.ts';

/** Blocks that install, start, test or deploy: they are run by other suites, or need AWS. */
const EXCLUDED = /^\s*(npm|npx|git|cd|docker|aws|NODE_|PORT=|KEYHOLD_HOME=|ALLOWED_)/m;
const README_URL = 'http://127.0.0.1:3000';

const bannerBlocks = (stdout: string): string[] =>
  stdout
    .split('\n\n')
    .map((block) => block.split('\n').filter((line) => /^(TOKEN=|curl )/.test(line)))
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'));

const readmeBlocks = (url: string): string[] =>
  [...readFileSync('README.md', 'utf8').matchAll(/^```sh\n(.*?)^```$/gms)]
    .map(([, block = '']) => block.trimEnd().replaceAll(README_URL, url))
    .filter((block) => !EXCLUDED.test(block));

const shells = Object.keys(SHELLS) as ShellName[];
for (const shell of shells.filter((name) => !isInstalled(name))) {
  console.warn(`${shell} is not installed (apt-get install ${shell}): its tests are skipped`);
}

describe.each(shells)('the printed commands in %s', (shell) => {
  let keyhold: Keyhold;
  beforeAll(async () => {
    keyhold = await startKeyhold();
  });
  afterAll(() => keyhold.stop());

  const paste = async (blocks: string[]): Promise<PastedBlock[]> => {
    const { pasted, stderr } = await pasteInto(shell, blocks);
    expect(stderr).not.toMatch(/not found|parse error|syntax error|unmatched|unexpected/i);
    return pasted;
  };

  const paths = { banner: () => bannerBlocks(keyhold.stdout()), 'README.md': () => readmeBlocks(keyhold.url) };
  const isMissing = !isInstalled(shell);
  it.skipIf(isMissing).each(Object.entries(paths))(
    'of %s end, exit with 0 and print each answer on its own line',
    async (_, find) => {
      const blocks = find();
      expect(blocks.length).toBeGreaterThanOrEqual(3);
      (await paste(blocks)).forEach(expectAnswers);
    },
  );

  it.skipIf(isMissing)('answer a second run with 409 and store nothing', async () => {
    const [, , stored] = await paste([...bannerBlocks(keyhold.stdout()).slice(0, 2), 'true']);
    expect(stored?.exitCode).toBe(0);
    const { json } = await keyhold.user('alice').call('GET', '/v1/me/credentials?provider=openai');
    const ids = json.credentials.map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain('my-openai-key');
  });
});
