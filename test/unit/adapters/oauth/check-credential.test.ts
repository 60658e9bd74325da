// What a provider's reply says of a secret: every status, rule and fault, on a fetch that answers by script.
import { describe, expect, it } from 'vitest';
import { checkReply } from '../../../../lib/adapters/oauth/check-credential.ts';
import type { ProviderAccess } from '../../../../lib/adapters/oauth/provider-call.ts';
import { OutboundFault } from '../../../../lib/adapters/outbound/outbound-fault.ts';
import type { ReplyRule } from '../../../../lib/domain/oauth/rules/reply-rule.ts';
import { settableClock } from '../../../support/memory/memory-deps.ts';

const access = (answer: () => Promise<Response>): ProviderAccess => ({
  fetch: answer,
  clock: settableClock(),
  policy: 'public',
});

interface Given {
  body?: unknown;
  headers?: Record<string, string>;
  rules?: ReplyRule[];
  needsAccount?: boolean;
}

const check = (status: number, { body = {}, headers = {}, rules = [], needsAccount = false }: Given = {}) =>
  checkReply(
    access(async () => new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers })),
    {
      url: 'https://api.example.com/me',
      request: { method: 'GET' },
      invalidWhen: rules,
      account: { identityIdPath: 'id', identityNamePath: 'login' },
      needsAccount,
    },
  );

const failing = (error: unknown) =>
  checkReply(
    access(async () => {
      throw error;
    }),
    { url: 'https://api.example.com/me', request: { method: 'GET' }, invalidWhen: [{ status: 400 }], account: null },
  );

describe('a reply without a rule', () => {
  it.each([200, 201, 206, 299])('of %i is valid', async (status) => {
    expect(await check(status)).toMatchObject({ result: 'valid', providerStatus: status });
  });

  it('of 401 is invalid', async () => {
    expect(await check(401)).toEqual({ result: 'invalid', providerStatus: 401, account: null });
  });

  it.each([300, 302, 400, 402, 403, 404, 405, 408, 409, 418, 425, 429, 500, 502, 503, 504])(
    'of %i is unknown',
    async (status) => {
      expect(await check(status)).toEqual({ result: 'unknown', providerStatus: status, account: null });
    },
  );
});

describe('a rule', () => {
  it.each<[string, ReplyRule, number, unknown, string]>([
    ['by status', { status: 403 }, 403, {}, 'invalid'],
    ['by another status', { status: 403 }, 404, {}, 'unknown'],
    ['by a value', { path: 'error', equals: 'invalid_auth' }, 200, { error: 'invalid_auth' }, 'invalid'],
    ['by another value', { path: 'error', equals: 'invalid_auth' }, 200, { error: 'other' }, 'valid'],
    ['by a number', { path: 'error.code', equals: 190 }, 400, { error: { code: 190 } }, 'invalid'],
    ['by a number sent as text', { path: 'error.code', equals: 190 }, 400, { error: { code: '190' } }, 'invalid'],
    ['by a boolean', { path: 'ok', equals: 'false' }, 200, { ok: false }, 'invalid'],
    ['by a path that is there', { path: 'error' }, 200, { error: { any: 1 } }, 'invalid'],
    ['by a path that is null', { path: 'error' }, 200, { error: null }, 'valid'],
    ['by status and value', { status: 400, path: 'code', equals: 7 }, 400, { code: 7 }, 'invalid'],
    ['by status and value, of which one holds', { status: 400, path: 'code', equals: 7 }, 404, { code: 7 }, 'unknown'],
    ['in a list', { path: '0.code', equals: 'X' }, 400, [{ code: 'X' }], 'invalid'],
    ['an object is no value', { path: 'error', equals: '[object Object]' }, 400, { error: {} }, 'unknown'],
    ['of an inherited name', { path: 'constructor.name', equals: 'Object' }, 400, {}, 'unknown'],
    ['in a body that is no JSON', { path: 'error' }, 400, '<html>', 'unknown'],
  ])('%s', async (_, rule, status, body, result) => {
    expect((await check(status, { body, rules: [rule] })).result).toBe(result);
  });

  it('says status 500 means a refusal, where the provider does so', async () => {
    expect((await check(500, { rules: [{ status: 500 }] })).result).toBe('invalid');
  });
});

describe('a provider in trouble', () => {
  it.each([408, 425, 429, 502, 503, 504])('is never invalid: %i with a body that a rule names', async (status) => {
    const rules = [{ status }, { path: 'error', equals: 'denied' }];
    expect((await check(status, { body: { error: 'denied' }, rules })).result).toBe('unknown');
  });

  it.each([401, 403])('is never invalid: %i with Retry-After', async (status) => {
    const headers = { 'retry-after': '60' };
    expect((await check(status, { headers, rules: [{ status: 403 }] })).result).toBe('unknown');
  });

  it.each([
    new OutboundFault('refused'),
    new OutboundFault('unreachable', true),
    new OutboundFault('too_slow', true),
    new TypeError('socket'),
  ])('is never invalid: without a response (%s)', async (error) => {
    expect(await failing(error)).toEqual({ result: 'unknown', providerStatus: null, account: null });
  });

  it.each<[number, string]>([
    [200, 'valid'],
    [400, 'invalid'],
    [401, 'invalid'],
    [429, 'unknown'],
  ])('with a body that cannot be read, the status %i decides', async (status, result) => {
    const reply = await failing(new OutboundFault('too_large', true, status));
    expect(reply).toEqual({ result, providerStatus: status, account: null });
  });
});

describe('the account', () => {
  it('is read from a reply that is valid', async () => {
    const { account } = await check(200, { body: { id: 583231, login: 'octo\u202ecat' } });
    expect(account).toEqual({ id: '583231', name: 'octocat' });
  });

  it('is not read from a refusal', async () => {
    expect((await check(401, { body: { id: 1 } })).account).toBeNull();
  });

  it('is needed where only its presence tells: a refusal with status 200', async () => {
    expect(await check(200, { body: { ok: false }, needsAccount: true })).toMatchObject({ result: 'unknown' });
    expect(await check(200, { body: { id: 'a' }, needsAccount: true })).toMatchObject({ result: 'valid' });
  });
});
