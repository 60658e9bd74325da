// The checks of the operator's secrets: what is wrong is named by entry and field, and no value is repeated.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkClients } from '../../../cli/operator/check-clients.ts';
import { checkSystemKeys } from '../../../cli/operator/check-system-keys.ts';
import { runCommand } from '../../support/cli/run-command.ts';

const SECRET = 'sk-of-the-operator';
const states = (findings: { entry: string; state: string }[]) => findings.map(({ entry, state }) => [entry, state]);

describe('the check of system keys', () => {
  it('judges each name', () => {
    const document = {
      openai_api_key: SECRET,
      groq_api_key: '',
      exa_api_key: `${SECRET}\nline`,
      jina_api_key: 7,
      openai_apikey: SECRET,
      webshare_proxy_username: 'user',
    };
    const findings = checkSystemKeys(JSON.stringify(document));
    expect(states(findings)).toEqual([
      ['openai_api_key', 'ok'],
      ['groq_api_key', 'unset'],
      ['exa_api_key', 'wrong'],
      ['jina_api_key', 'wrong'],
      ['openai_apikey', 'ignored'],
      ['webshare_proxy_username', 'ok'],
      ['webshare_proxy_password', 'wrong'],
    ]);
    expect(findings[2]?.detail).toContain('character 19 is a line break');
    expect(JSON.stringify(findings)).not.toContain(SECRET);
  });

  it.each(['', `{"openai_api_key": "${SECRET}"`, `["${SECRET}"]`, `"${SECRET}"`, `{\n"a": ${SECRET}}`])(
    'says of %j that it is no JSON object, and quotes nothing',
    (text) => {
      const findings = checkSystemKeys(text);
      expect(findings).toMatchObject([{ state: 'wrong' }]);
      expect(JSON.stringify(findings)).not.toContain(SECRET);
    },
  );

  it('names the line', () => {
    expect(checkSystemKeys('{\n  "a": "1"\n  "b": "2"\n}')[0]?.detail).toContain('from line 3');
  });
});

describe('the check of clients', () => {
  const client = { clientId: 'id', clientSecret: SECRET };
  const own = {
    ...client,
    authorizationEndpoint: 'https://a.example.com/authorize',
    tokenEndpoint: 'https://a.example.com/token',
  };

  it('judges each entry as the service does', () => {
    const document = {
      github: client,
      mine: own,
      typo: { ...own, scopeSeperator: ',' },
      noClient: { clientSecret: SECRET },
      noEndpoints: client,
      plainHttp: { ...own, tokenEndpoint: 'http://a.example.com/token' },
      badPattern: { ...own, templateVariables: { shop: { pattern: '(' } } },
      notAnObject: SECRET,
    };
    const findings = checkClients(JSON.stringify(document), 'public');
    expect(states(findings)).toEqual([
      ['github', 'ok'],
      ['mine', 'ok'],
      ['typo', 'wrong'],
      ['noClient.clientId', 'wrong'],
      ['noEndpoints.authorizationEndpoint', 'wrong'],
      ['noEndpoints.tokenEndpoint', 'wrong'],
      ['plainHttp.tokenEndpoint', 'wrong'],
      [expect.stringMatching(/^badPattern/), 'wrong'],
      ['notAnObject', 'wrong'],
    ]);
    expect(JSON.stringify(findings)).not.toContain(SECRET);
  });

  it('lets a local server call this machine, and a deployment not', () => {
    const document = JSON.stringify({ mine: { ...own, tokenEndpoint: 'http://127.0.0.1:1/token' } });
    expect(states(checkClients(document, 'local'))).toEqual([['mine', 'ok']]);
    expect(states(checkClients(document, 'public'))).toEqual([['mine.tokenEndpoint', 'wrong']]);
  });
});

describe('keyhold clients check', () => {
  const writeSecret = (name: string, document: unknown): string => {
    const path = join(mkdtempSync(join(tmpdir(), 'keyhold-secret-')), name);
    writeFileSync(path, JSON.stringify(document));
    return path;
  };

  it('ends with 0 when all is well', async () => {
    const { exitCode, stdout } = await runCommand([
      'clients',
      'check',
      '--file',
      writeSecret('c.json', { github: { clientId: 'a' } }),
    ]);
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(/^ENTRY +STATE +DETAIL\ngithub +ok +in the catalogue\n$/),
    ]);
  });

  it('ends with 5 when an entry is wrong, and prints no value', async () => {
    const path = writeSecret('k.json', { openai_api_key: `${SECRET}\u200b` });
    const { exitCode, stdout } = await runCommand(['system-keys', 'check', '--file', path]);
    expect([exitCode, stdout.includes('zero-width'), stdout.includes(SECRET)]).toEqual([5, true, false]);
  });

  it('says which file it cannot read', async () => {
    const { exitCode, stderr } = await runCommand(['clients', 'check'], { env: { KEYHOLD_HOME: '/no/such/folder' } });
    expect([exitCode, stderr.includes('/no/such/folder')]).toEqual([2, true]);
  });
});
