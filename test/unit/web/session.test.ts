// What a tab remembers: the token survives the way to a provider, and nothing of one link serves another.
import { describe, expect, it } from 'vitest';
import { openSession } from '../../../web/app/logic/session.ts';
import { memoryStorage } from './memory-storage.ts';

const open = (storage: ReturnType<typeof memoryStorage>, hash: string, search = '') =>
  openSession(storage, { hash, search });

describe('the session of a tab', () => {
  it('has no token without a link', () => {
    expect(open(memoryStorage(), '').token).toBeNull();
  });

  it('keeps the token for the way to a provider and back', () => {
    const storage = memoryStorage();
    open(storage, '#the-token').keepFlow('s1', { provider: 'github' });
    const back = open(storage, '', '?state=s1&receipt=r1');
    expect([back.token, back.callback]).toEqual(['the-token', { state: 's1', receipt: 'r1', error: null }]);
    expect(back.readFlow('s1')).toEqual({ provider: 'github' });
  });

  it('keeps the receipt until it is dealt with, also when the page is loaded again', () => {
    const storage = memoryStorage();
    open(storage, '#t').keepFlow('s1', { provider: 'github' });
    open(storage, '', '?state=s1&receipt=r1');
    const again = open(storage, '');
    expect(again.callback?.receipt).toBe('r1');
    again.forgetCallback();
    expect([again.callback, open(storage, '').callback, again.readFlow('s1')]).toEqual([null, null, null]);
  });

  it('reads an error in place of a receipt', () => {
    const { callback } = open(memoryStorage(), '#t', '?state=s1&error=access_denied');
    expect(callback).toEqual({ state: 's1', receipt: null, error: 'access_denied' });
  });

  it('forgets what an earlier link left, once another is opened', () => {
    const storage = memoryStorage();
    const first = open(storage, '#first', '?state=s1&receipt=r1');
    first.keepFinished({ displayName: 'GitHub', accountName: null, returnUrl: null });
    const second = open(storage, '#second');
    expect([second.token, second.callback, second.readFinished()]).toEqual(['second', null, null]);
  });

  it('remembers what was connected when the same link is opened again', () => {
    const storage = memoryStorage();
    const finished = { displayName: 'GitHub', accountName: 'Ada', returnUrl: null };
    open(storage, '#t').keepFinished(finished);
    expect(open(storage, '#t').readFinished()).toEqual(finished);
  });

  it('takes a damaged entry for none', () => {
    const storage = memoryStorage();
    storage.setItem('keyhold.callback', '{');
    expect(open(storage, '#t').callback).toBeNull();
  });
});
