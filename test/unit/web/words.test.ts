// Every refusal has words: each code of the service, and each failure that only the page can see.
import { describe, expect, it } from 'vitest';
import { BrokenReason } from '../../../lib/domain/credential/credential.ts';
import { errorCodes } from '../../../lib/domain/values/service-error.ts';
import { routes } from '../../../lib/http/routes/routes.ts';
import { codeWords, findReason, findWords, pageWords } from '../../../web/app/logic/words.ts';

describe('the words', () => {
  it.each(errorCodes)('exist for the code %s of the service', (code) => {
    expect(Object.hasOwn(codeWords, code)).toBe(true);
  });

  it('are of its own for each code that a route of the link plane answers', () => {
    const answered = new Set(routes.filter(({ plane }) => plane === 'link').flatMap(({ errors }) => errors));
    expect(answered.size).toBeGreaterThan(15);
    const foreign = codeWords.not_connected;
    expect([...answered].filter((code) => codeWords[code] === foreign)).toEqual([]);
  });

  it.each(Object.entries({ ...codeWords, ...pageWords }))('of %s are a title and whole sentences', (_, words) => {
    expect(words.title).toMatch(/^[A-Z][^.]{4,60}$/);
    expect(words.text).toMatch(/^[A-Z].*\.$/);
  });

  it('show no code and no word of the protocol', () => {
    const text = Object.values({ ...codeWords, ...pageWords }).map((words) => `${words.title} ${words.text}`);
    expect(text.filter((each) => /_|\b(?:OAuth|token|credential|scope|receipt|HTTP)\b/i.test(each))).toEqual([]);
  });

  it('are general ones for a code that a newer service may send', () => {
    expect(findWords('brand_new')).toBe(pageWords.unexpected);
    expect(findWords('toString')).toBe(pageWords.unexpected);
  });

  it.each(BrokenReason.options)('say why an account must be reconnected: %s', (reason) => {
    expect(findReason(reason)).not.toBe(findReason('brand_new'));
  });

  it('say of an unknown reason only that the account does not work', () => {
    expect([findReason(null), findReason('constructor')]).toEqual(Array(2).fill('It no longer works.'));
  });
});
