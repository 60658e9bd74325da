// The log on a terminal: one short line for each request, and none of the JSON that a pipe gets.
import { describe, expect, it } from 'vitest';
import { isRepeatedByDemo, requestLine, terminalText } from '../../../local/console/terminal-log.ts';
import { jsonReply } from '../../../local/http/reply.ts';

const time = { at: new Date(2030, 0, 1, 9, 5, 7), milliseconds: 12.4 };
const timestamp = time.at.toISOString();

describe('requestLine', () => {
  it('shows time, route, status and milliseconds', () => {
    const reply = { ...jsonReply(201, {}), route: 'POST /v1/users/{userId}/resolve' };
    const line = requestLine({ method: 'POST', url: '/v1/users/alice/resolve' }, reply, time);
    expect(line).toBe('09:05:07  POST /v1/users/{userId}/resolve  201  12 ms');
  });

  it('shows the code of a problem', () => {
    const reply = jsonReply(409, { code: 'exists' }, { 'content-type': 'application/problem+json' });
    expect(requestLine({ method: 'POST', url: '/v1/me/credentials' }, reply, time)).toContain('  409 exists  ');
  });

  it('shows the path without its query where no route matched, and only printable characters of it', () => {
    const line = requestLine(
      { method: 'GET', url: `/a\x1b[2J${'b'.repeat(100)}?code=secret` },
      jsonReply(404, {}),
      time,
    );
    expect(line).toMatch(/^09:05:07 {2}GET \/a\?\[2Jb+… {2}404 {2}12 ms$/);
    expect(line).not.toContain('secret');
  });

  it('leaves out the looks that the demo page repeats, as long as they succeed', () => {
    expect(isRepeatedByDemo({ url: '/_local/resolve' }, jsonReply(200, {}))).toBe(true);
    expect(isRepeatedByDemo({ url: '/_local/resolve' }, jsonReply(503, {}))).toBe(false);
    expect(isRepeatedByDemo({ url: '/v1/health' }, jsonReply(200, {}))).toBe(false);
  });
});

describe('terminalText', () => {
  const entry = (fields: object): string =>
    `${JSON.stringify({ level: 'WARN', message: 'slow', timestamp, service: 'sweep', ...fields })}\n`;

  it('shows a log line of a function in one short line', () => {
    expect(terminalText(entry({ provider: 'acme', count: 2 }))).toBe(
      '09:05:07  WARN sweep: slow provider=acme count=2\n',
    );
  });

  it('leaves out the line of a request that was answered', () => {
    expect(terminalText(entry({ level: 'INFO', message: 'request', status: 200 }))).toBe('');
  });

  it('keeps the line of a request that failed, with its fault', () => {
    const text = terminalText(entry({ level: 'ERROR', message: 'request failed', fault: 'TypeError' }));
    expect(text).toContain('request failed fault=TypeError');
  });

  it.each(['keyhold ready on http://127.0.0.1:3000\n', '{not json}\n', '{"a":1}\n', ''])(
    'leaves %j as it is',
    (text) => {
      expect(terminalText(text)).toBe(text);
    },
  );
});
