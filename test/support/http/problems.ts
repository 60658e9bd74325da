// Checks problem documents against the contract. The status of each code is repeated here on purpose, so that a change of the table
// in the service fails a test.
import { expect } from 'vitest';
import type { Reply } from './http-caller.ts';

const STATUSES = {
  invalid_request: 400,
  state_invalid: 400,
  too_many_changes: 400,
  url_not_allowed: 400,
  not_upgradable: 400,
  connection_denied: 400,
  device_flow_unsupported: 400,
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
  provider_not_configured: 501,
  provider_rejected: 502,
  server_not_connectable: 502,
  refresh_unavailable: 503,
  store_busy: 503,
  keys_unavailable: 503,
  secrets_unavailable: 503,
  store_unavailable: 503,
  timed_out: 503,
} as const;
export type ProblemCode = keyof typeof STATUSES;

/** The answer is this problem (RFC 9457), with no members besides those of the contract. */
export const expectProblem = ({ status, headers, json }: Reply, code: ProblemCode, members: object = {}): void => {
  expect(json).toMatchObject({ code, status: STATUSES[code], type: `urn:keyhold:problem:${code}`, ...members });
  expect(status).toBe(STATUSES[code]);
  expect(headers['content-type']).toBe('application/problem+json');
  expect(headers['cache-control']).toBe('no-store');
  expect(headers).not.toHaveProperty('etag');
  expect(json.title).toMatch(/\S/);
  expect(json.instance).toBe(headers['apigw-requestid']);
  // A provider that refused is named by its own word, on the runtime plane.
  const common = ['type', 'title', 'status', 'code', 'instance', 'detail', 'errors', 'providerError'];
  const known = [...common, ...Object.keys(members)];
  expect(Object.keys(json).filter((name) => !known.includes(name))).toEqual([]);
  for (const violation of json.errors ?? []) {
    expect(Object.keys(violation).toSorted()).toEqual(['detail', 'pointer']);
    expect(violation.pointer).toMatch(/^(#.*)?$/);
  }
};
