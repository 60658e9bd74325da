// What the command prints: all pages, and nothing that a terminal would obey.
import { describe, expect, it } from 'vitest';
import { listAll } from '../../../cli/commands/list.ts';
import { describeFailure, failureExitCode } from '../../../cli/failure.ts';
import { HIDDEN, hideSecrets } from '../../../cli/output/hide-secrets.ts';
import { formatTable } from '../../../cli/output/table.ts';
import type { ResolvedCredential } from '../../../client/generated/api-types.ts';
import { KeyholdError } from '../../../client/keyhold-error.ts';
import { createWorker } from '../../../client/worker.ts';

describe('a list', () => {
  it('has every page', async () => {
    const asked: string[] = [];
    const pages = [{ credentials: [{ id: 'a' }], next: 'n&1' }, { credentials: [{ id: 'b' }] }];
    const fetch: typeof globalThis.fetch = async (input) => {
      asked.push(new URL(String(input)).searchParams.get('after') ?? '');
      return Response.json(pages.shift());
    };
    const all = await listAll(createWorker({ url: 'http://127.0.0.1:1', fetch }), 'alice');
    expect(all.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(asked).toEqual(['', 'n&1']);
  });
});

describe('a table', () => {
  it('has columns as wide as their cells, and a dash for nothing', () => {
    expect(
      formatTable(
        ['id', 'title'],
        [
          ['a', null],
          ['bcd', 'é'],
        ],
      ),
    ).toBe('ID   TITLE\na    -\nbcd  é');
  });

  it('replaces what a terminal obeys', () => {
    expect(formatTable(['a'], [['x\u001b[2Jy\u202ez\n']])).toBe('A\nx\ufffd[2Jy\ufffdz\ufffd');
  });
});

describe('a hidden answer', () => {
  it('keeps the names of what is sent and no value of it, at any depth', () => {
    const resolved = {
      credential: { id: 'i', secret: { headers: { 'x-key': 's1' } }, metadata: { note: { deep: 's2' } } },
      headers: { authorization: 's3' },
      query: { key: 's4' },
    } as unknown as ResolvedCredential;
    const hidden = JSON.stringify(hideSecrets(resolved));
    expect(hidden).not.toMatch(/s[1-4]/);
    expect(hideSecrets(resolved)).toMatchObject({ headers: { authorization: HIDDEN }, query: { key: HIDDEN } });
  });
});

describe('a failure', () => {
  it.each<[string, number, number]>([
    ['not_connected', 404, 3],
    ['reconnect_required', 409, 3],
    ['insufficient_scopes', 409, 3],
    ['credential_unreadable', 409, 3],
    ['credential_not_found', 404, 4],
    ['invalid_request', 400, 4],
    ['unauthenticated', 403, 4],
    ['too_many_requests', 429, 1],
    ['store_unavailable', 503, 1],
    ['unreachable', 0, 1],
  ])('%s (%d) ends with %d', (code, status, exitCode) => {
    expect(failureExitCode(new KeyholdError({ code: code as 'not_connected', status, title: 'T' }))).toBe(exitCode);
  });

  it('names reason, scopes and broken rules, without what a terminal obeys', () => {
    const errors = [{ pointer: '#/a', detail: 'bad\u001b' }];
    const fields = {
      code: 'insufficient_scopes',
      status: 409,
      title: 'T',
      missingScopes: ['a', 'b'],
      errors,
      instance: 'r1',
    } as const;
    expect(describeFailure(new KeyholdError(fields))).toBe(
      'insufficient_scopes: T; missing scopes: a b; #/a: bad\ufffd; request r1',
    );
  });
});
