// What `users erase --dry-run` counts: everything of the user, however many pages the list has.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { run } from '../../../cli/run.ts';

const PAGES = [
  { credentials: [{ source: 'user' }, { source: 'user' }], next: 'p1' },
  { credentials: [{ source: 'user' }, { source: 'system' }], next: 'p2' },
  { credentials: [{ source: 'user' }] },
];

it('counts every page, and erases nothing', async () => {
  const methods: (string | undefined)[] = [];
  const server = createServer(({ method, url = '' }, response) => {
    methods.push(method);
    const after = new URL(url, 'http://local').searchParams.get('after');
    response.end(JSON.stringify(PAGES[after === null ? 0 : Number(after.slice(1))]));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let printed = '';
  const terminal = {
    print: (text: string) => {
      printed += text;
    },
    note: () => {},
    isInteractive: false,
    ask: async () => '',
  };
  const exitCode = await run(['users', 'erase', 'alice', '--dry-run', '--json', '--url', url], { terminal, env: {} });
  server.close();
  expect([exitCode, JSON.parse(printed), methods]).toEqual([0, { wouldErase: 4 }, ['GET', 'GET', 'GET']]);
});
