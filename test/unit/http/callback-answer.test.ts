// The answer of the callback: a redirect or a page, and the same page for every refusal.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { stateInvalid, stateRefusals } from '../../../lib/domain/oauth/state-refusal.ts';
import { ServiceError } from '../../../lib/domain/values/service-error.ts';
import { badCallback, callbackResult } from '../../../lib/http/callback-answer.ts';
import type { HandlerResult } from '../../../lib/http/routes/route.ts';

const STATE = 'state-canary';

const pendingResult = (returnUrl: string | null = null) =>
  callbackResult({ kind: 'received', returnUrl, receipt: 'receipt-1' }, STATE);
const denied = (returnUrl: string | null = null) =>
  callbackResult({ kind: 'denied', returnUrl, error: 'access_denied' }, STATE);
const bad = () => badCallback(new ServiceError('state_invalid', { detail: 'canary-detail' }));

const readLocation = ({ headers }: HandlerResult) => new URL(headers?.location ?? '');
const readParameters = (answer: HandlerResult) => Object.fromEntries(readLocation(answer).searchParams);

describe('callbackResult', () => {
  it('sends the browser back with state and receipt', () => {
    const answer = pendingResult('https://app.example/done');
    expect(answer).toMatchObject({ status: 303 });
    expect(answer.page).toBeUndefined();
    expect(readLocation(answer).origin + readLocation(answer).pathname).toBe('https://app.example/done');
    expect(readParameters(answer)).toEqual({ state: STATE, receipt: 'receipt-1' });
  });

  it("keeps the return URL's own query", () => {
    expect(readParameters(pendingResult('https://app.example/done?tab=a%20b&x=%26'))).toEqual({
      tab: 'a b',
      x: '&',
      state: STATE,
      receipt: 'receipt-1',
    });
  });

  it('replaces parameters named state and receipt of the return URL', () => {
    const url = readLocation(pendingResult('https://app.example/?state=old&receipt=a&receipt=b'));
    expect(url.searchParams.getAll('state')).toEqual([STATE]);
    expect(url.searchParams.getAll('receipt')).toEqual(['receipt-1']);
  });

  it('shows the receipt on a page without a return URL', () => {
    const answer = pendingResult();
    expect(answer.status).toBe(200);
    expect(answer.headers?.location).toBeUndefined();
    expect(answer.page?.html).toContain('<code id="receipt">receipt-1</code>');
  });

  it('redirects after a denial with state and error, without a receipt', () => {
    const answer = denied('https://app.example/done?tab=1');
    expect(answer.status).toBe(303);
    expect(readParameters(answer)).toEqual({ tab: '1', state: STATE, error: 'access_denied' });
  });

  it('shows a page without a receipt after a denial', () => {
    const answer = denied();
    expect(answer.status).toBe(200);
    expect(answer.page?.html).not.toContain('receipt');
  });
});

describe('badCallback', () => {
  it('answers one page with status 400 for every cause', () => {
    expect(bad().status).toBe(400);
    expect(bad()).toEqual(badCallback(new ServiceError('state_invalid')));
  });

  it('shows neither detail nor code on the page', () => {
    expect(JSON.stringify(bad())).not.toMatch(/canary|state/);
  });

  it('shows the same page for every reason, and keeps the reason for the log', () => {
    const { logReason: none, ...expected } = bad();
    expect(none).toBeUndefined();
    for (const reason of stateRefusals) {
      const { logReason, ...result } = badCallback(stateInvalid(reason));
      expect(result).toEqual(expected);
      expect(logReason).toBe(reason);
    }
  });

  it.each([new ServiceError('store_unavailable'), new Error('unknown')])('rethrows %s', (error) => {
    expect(() => badCallback(error)).toThrow(error);
  });
});

describe.each([
  ['the receipt', pendingResult],
  ['a denial', denied],
  ['a bad link', bad],
])('the page of %s', (_, answer) => {
  const { html, policy } = answer().page ?? { html: '', policy: '' };
  const directives = new Map(policy.split('; ').map((directive) => directive.split(' ', 2) as [string, string]));

  it('is a whole page in UTF-8', () => {
    expect(html).toMatch(/^<!doctype html>\n<html lang="en"><head><meta charset="utf-8">/);
  });

  it('loads nothing from other origins and submits nothing', () => {
    expect(Object.fromEntries(directives)).toMatchObject({
      'default-src': "'none'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
    });
    expect(html).not.toMatch(/<script|<link|<img|<iframe|<form|href|src=|url\(|@import|https?:|\son\w+=|style=/i);
  });

  it('allows exactly its own style by hash', () => {
    const style = /<style>(.*)<\/style>/s.exec(html)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(style).not.toBe('');
    expect(directives.get('style-src')).toBe(`'sha256-${hash}'`);
  });

  it('does not repeat the state', () => {
    expect(html).not.toContain(STATE);
  });

  it('tells a user who pressed Deny from a provider that answered with an error', () => {
    const deniedPage = denied().page?.html;
    const failed = callbackResult({ kind: 'denied', returnUrl: null, error: 'server_error' }, STATE).page?.html;
    expect(deniedPage).toContain('You or the provider did not allow the connection');
    expect(failed).toContain('The provider answered with an error');
  });
});
