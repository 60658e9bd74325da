// Pastes the commands of a guide into a shell beside a running server, as its reader does: in their order, in one shell. What a reader
// does in a browser, `RECEIPT=<the receipt>`, is done here by a request to the callback.
import { join, resolve } from 'node:path';
import { readBlocks } from '../client/marked-blocks.ts';
import type { Keyhold } from '../http/local-server.ts';
import { type PastedBlock, pasteInto, type ShellName } from '../process/pasted-commands.ts';

const DOCUMENTED_URL = 'http://127.0.0.1:3000';
const RECEIPT = 'RECEIPT=<the receipt>\n';

/** How a guide is pasted. */
export interface GuideOptions {
  shell: ShellName;
  /** Addresses of other services, by those of stubs. */
  replacements?: Readonly<Record<string, string>>;
  /** Files of the reader, by name. */
  files?: Readonly<Record<string, string>>;
}

/** The blocks of one language in a guide. */
export const readGuide = (guide: string, language: string): string[] => readBlocks(`docs/guides/${guide}.md`, language);

const receive = (url: string): string =>
  `RECEIPT=$(curl -s "${url}/v1/oauth/callback?state=$STATE&code=code-1" | sed -n 's/.*id="receipt">\\([^<]*\\).*/\\1/p')\n`;

/** `npx keyhold` and `npx node` without npx, which would search for the package; and where the command finds the server. */
const prepare = ({ url, home }: Keyhold): string =>
  [
    `export KEYHOLD_URL=${url} KEYHOLD_HOME='${home}' NODE_COMPILE_CACHE='${join(home, 'compile-cache')}'`,
    `npx() { if [ "$1" = keyhold ]; then shift; set -- '${resolve('cli/keyhold.mjs')}' "$@"; else shift; fi; '${process.execPath}' "$@"; }`,
  ].join('\n');

const replaceAll = (text: string, replacements: Readonly<Record<string, string>>): string =>
  Object.entries(replacements).reduce((result, [from, to]) => result.replaceAll(from, to), text);

const writeFile = ([name, text]: [string, string]): string => `cat > ${name} <<'END'\n${text}END`;

/** Pastes the blocks of a guide that are to be run; the outputs, in order. */
export const pasteGuide = async (
  keyhold: Keyhold,
  guide: string,
  { shell, replacements = {}, files = {} }: GuideOptions,
): Promise<{ pasted: PastedBlock[]; stderr: string }> => {
  const run = readGuide(guide, 'sh');
  const places = {
    [DOCUMENTED_URL]: keyhold.url,
    'docs/examples/': `${resolve('docs/examples')}/`,
    ' scripts/': ` ${resolve('scripts')}/`,
  };
  const blocks = readGuide(guide, '(?:sh|console)')
    .filter((block) => block === RECEIPT || run.includes(block))
    .map((block) => (block === RECEIPT ? receive(keyhold.url) : block))
    .map((block) => replaceAll(block, { ...replacements, ...places }).trimEnd());
  const first = [prepare(keyhold), ...Object.entries(files).map(writeFile)].join('\n');
  const { pasted, stderr } = await pasteInto(shell, [first, ...blocks]);
  return { pasted: pasted.slice(1), stderr };
};
