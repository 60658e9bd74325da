// Problem documents (RFC 9457): every code has a status and a title, and no document contains a cause.
import { describe, expect, it } from 'vitest';
import { type ErrorCode, errorCodes, ServiceError } from '../../../lib/domain/values/service-error.ts';
import { problemDocument, retryAfter } from '../../../lib/http/problem.ts';
import { problemMeanings } from '../../../lib/http/problem-meanings.ts';
import { problemTypes } from '../../../lib/http/problem-types.ts';

/** The statuses of the contract, written a second time so that a change of the table shows. */
const statuses: Record<ErrorCode, number> = {
  invalid_request: 400,
  state_invalid: 400,
  too_many_changes: 400,
  url_not_allowed: 400,
  not_upgradable: 400,
  connection_denied: 400,
  device_flow_unsupported: 400,
  link_invalid: 401,
  link_not_allowed: 403,
  system_credential: 403,
  credential_not_found: 404,
  not_connected: 404,
  provider_unknown: 404,
  account_mismatch: 409,
  credential_exists: 409,
  credential_limit: 409,
  credential_unreadable: 409,
  insufficient_scopes: 409,
  provider_mismatch: 409,
  reconnect_required: 409,
  scopes_narrowed: 409,
  type_mismatch: 409,
  user_erasing: 409,
  version_conflict: 412,
  body_too_large: 413,
  unsupported_media_type: 415,
  precondition_required: 428,
  too_many_open_states: 429,
  internal_error: 500,
  provider_not_configured: 501,
  provider_rejected: 502,
  server_not_connectable: 502,
  keys_unavailable: 503,
  refresh_unavailable: 503,
  secrets_unavailable: 503,
  store_busy: 503,
  store_unavailable: 503,
  timed_out: 503,
};

const serverErrors = errorCodes.filter((code) => statuses[code] >= 500);

describe('problemTypes', () => {
  it.each(errorCodes)('gives %s the status of the contract and a title', (code) => {
    expect(problemTypes[code]).toMatchObject({ status: statuses[code], title: expect.stringMatching(/\S/) });
  });

  it('has no other codes', () => {
    expect(Object.keys(problemTypes).toSorted()).toEqual(errorCodes.toSorted());
  });

  it('gives no two codes the same title', () => {
    expect(new Set(Object.values(problemTypes).map(({ title }) => title)).size).toBe(errorCodes.length);
  });

  it.each(errorCodes)('says in a sentence when %s is answered', (code) => {
    expect(problemMeanings[code]).toMatch(/^\S.* .*\.$/);
  });
});

describe('problemDocument', () => {
  it('is RFC 9457 with the code and the request id', () => {
    expect(problemDocument(new ServiceError('credential_not_found'), 'request-1')).toEqual({
      type: 'urn:keyhold:problem:credential_not_found',
      title: problemTypes.credential_not_found.title,
      status: 404,
      code: 'credential_not_found',
      instance: 'request-1',
    });
  });

  it('carries detail, violations and members', () => {
    const errors = [{ pointer: '#/a', detail: 'd' }];
    const error = new ServiceError('invalid_request', { detail: 'why', errors, members: { currentVersion: 3 } });
    expect(problemDocument(error, 'r')).toMatchObject({ detail: 'why', errors, currentVersion: 3 });
  });

  it.each(serverErrors)('of the 5xx %s has neither detail nor cause', (code) => {
    const errors = [{ pointer: '#', detail: 'canary' }];
    const error = new ServiceError(code, { detail: 'canary', errors, cause: new Error('canary') });
    expect(Object.keys(problemDocument(error, 'r')).toSorted()).toEqual([
      'code',
      'instance',
      'status',
      'title',
      'type',
    ]);
  });

  it.each(errorCodes)('of %s never contains the cause', (code) => {
    const error = new ServiceError(code, { cause: new Error('canary') });
    expect(JSON.stringify(problemDocument(error, 'r'))).not.toContain('canary');
  });

  it.each(['credential_exists', 'store_busy'] as const)(
    'of %s keeps its own fields over members of the same name',
    (code) => {
      const members = { type: 'x', title: 'x', status: 200, code: 'x', instance: 'x' };
      expect(problemDocument(new ServiceError(code, { members }), 'r')).toEqual(
        problemDocument(new ServiceError(code), 'r'),
      );
    },
  );
});

describe('retryAfter', () => {
  it.each(errorCodes)('of %s is set exactly for 429 and 503', (code) => {
    const helps = statuses[code] === 503 || statuses[code] === 429;
    expect(retryAfter(new ServiceError(code))).toEqual(
      helps ? { 'retry-after': expect.stringMatching(/^[1-9]\d*$/) } : {},
    );
  });

  it('of refresh_unavailable is one second', () => {
    expect(retryAfter(new ServiceError('refresh_unavailable'))).toEqual({ 'retry-after': '1' });
  });
});
