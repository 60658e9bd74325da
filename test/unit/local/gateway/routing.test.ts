// Paths and routes as an HTTP API reads them: decoded first, then matched segment by segment.
import { describe, expect, it } from 'vitest';
import { readPath } from '../../../../local/gateway/request-path.ts';
import { type GatewayRoute, makeMatcher } from '../../../../local/gateway/route-match.ts';

const at = (key: string): GatewayRoute => {
  const [method = '', path = ''] = key.split(' ');
  return { method, path, plane: 'public', function: 'f' };
};

const match = makeMatcher(
  [
    ...['GET /v1/users/{userId}', 'GET /v1/users/{userId}/things/{id}', 'GET /v1/users/{userId}/things/all'],
    ...['POST /v1/users/{userId}', 'GET /v1/users/me'],
  ].map(at),
);

const find = (method: string, target: string): [string, Record<string, string> | undefined] | undefined => {
  const path = readPath(target);
  const found = path && match(method, path.path);
  return found && [`${found.route.method} ${found.route.path}`, found.pathParameters];
};

describe('readPath', () => {
  const paths: [string, string | undefined, string?][] = [
    ['/a?b=c', '/a', 'b=c'],
    ['/a?b?c', '/a', 'b?c'],
    ['/a%2Fb', '/a/b'],
    ['/a%3Fb/c?d', '/a', 'd'],
    ['/%C3%A9', '/é'],
    ['/\u00c3\u00a9', '/é'],
    ['/a+b', '/a+b'],
    ['/%', undefined],
    ['/%zz', undefined],
    ['/%ff', undefined],
    ['/\u00ff', undefined],
    ['http://x/a', undefined],
    ['*', undefined],
    ['/a#b', undefined],
  ];
  it.each(paths)('reads %j as %j', (target, path, rawQuery = '') => {
    expect(readPath(target)).toEqual(path === undefined ? undefined : { path, rawQuery });
  });
});

describe('makeMatcher', () => {
  const found: [string, string, string, Record<string, string> | undefined][] = [
    ['GET', '/v1/users/a', 'GET /v1/users/{userId}', { userId: 'a' }],
    ['POST', '/v1/users/me', 'POST /v1/users/{userId}', { userId: 'me' }],
    ['GET', '/v1/users/me', 'GET /v1/users/me', undefined],
    ['GET', '/v1/users/a/things/b', 'GET /v1/users/{userId}/things/{id}', { userId: 'a', id: 'b' }],
    ['GET', '/v1/users/a/things/all', 'GET /v1/users/{userId}/things/all', { userId: 'a' }],
    ['GET', '/v1/users/..', 'GET /v1/users/{userId}', { userId: '..' }],
  ];
  it.each(found)('matches %s %s', (method, target, key, parameters) => {
    expect(find(method, target)).toEqual([key, parameters]);
  });

  const unknown: [string, string][] = [
    ['GET', '/v1/users/a%2Fb'],
    ['GET', '/v1/users/'],
    ['GET', '/v1/users/a/'],
    ['GET', '//v1/users/a'],
    ['GET', '/v1//users/a'],
    ['GET', '/v1/users//things/b'],
    ['GET', '/V1/users/a'],
    ['GET', '/v1/x/../users/a'],
    ['HEAD', '/v1/users/a'],
    ['DELETE', '/v1/users/a'],
  ];
  it.each(unknown)('does not match %s %s', (method, target) => {
    expect(find(method, target)).toBeUndefined();
  });
});
