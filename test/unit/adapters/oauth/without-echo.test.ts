// A provider's error word must not tell what was sent to it, whole or in part.
import { describe, expect, it } from 'vitest';
import { withoutEcho } from '../../../../lib/adapters/oauth/without-echo.ts';
import { ProviderFault } from '../../../../lib/domain/ports/oauth-protocol.ts';

const SECRET = 'rt-4f9a8c7d6e5b4a3f2e1d0c9b';
const wordAfter = (providerError: string, secrets: string[] = ['', SECRET]) =>
  withoutEcho(new ProviderFault('rejected', { status: 400, providerError }), secrets);

describe('withoutEcho', () => {
  it.each([
    ['the secret', SECRET],
    ['a part of it', SECRET.slice(3, 20)],
    ['it after a code', `bad_token.${SECRET}`],
    ['the first half after a code', `unknown_token.${SECRET.slice(0, 14)}`],
    ['eight characters of the middle', `x.${SECRET.slice(9, 17)}.y`],
  ])('drops a word that is %s, and nothing else of the fault', (_, word) => {
    expect(wordAfter(word)).toMatchObject({ kind: 'rejected', status: 400, providerError: null });
  });

  it('drops a word with a whole short secret', () => {
    expect(wordAfter('bad.pin42', ['pin42']).providerError).toBeNull();
  });

  it.each(['invalid_grant', 'redirect_uri_mismatch', SECRET.slice(0, 7)])('keeps the word %s', (word) => {
    expect(wordAfter(word).providerError).toBe(word);
  });
});
