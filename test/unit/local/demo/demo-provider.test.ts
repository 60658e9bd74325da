// The demo provider is made by its first request, and again by a later one where that failed. It keeps its address.
import { mkdirSync, mkdtempSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { startDemoProvider } from '../../../../local/demo/demo-provider.ts';
import { freePort } from '../../../../local/http/loopback.ts';

it('is made again after it could not be, and says so without ending the server', async () => {
  const reported = vi.spyOn(console, 'error').mockImplementation(() => {});
  const folder = mkdtempSync(join(process.env.KEYHOLD_TEST_HOMES ?? tmpdir(), 'demo-'));
  const inTheWay = join(folder, 'demo-provider.json');
  mkdirSync(inTheWay);
  const { issuer } = await startDemoProvider({ folder, redirectUris: ['http://127.0.0.1:1/v1/oauth/callback'] });
  const read = () => fetch(`${issuer}/.well-known/openid-configuration`);
  await expect(read()).rejects.toThrow();
  expect(reported).toHaveBeenCalledWith(expect.stringContaining('the demo provider failed'));
  rmdirSync(inTheWay);
  expect(await (await read()).json()).toMatchObject({ issuer });
  reported.mockRestore();
});

it('has the address of the last start, unless another server has it', async () => {
  const folder = mkdtempSync(join(process.env.KEYHOLD_TEST_HOMES ?? tmpdir(), 'demo-'));
  const port = await freePort();
  writeFileSync(join(folder, 'demo-provider-port'), String(port));
  const start = () => startDemoProvider({ folder, redirectUris: ['http://127.0.0.1:1/v1/oauth/callback'] });
  const [first, second] = [await start(), await start()];
  expect(first).toMatchObject({ issuer: `http://127.0.0.1:${port}`, mcpServerUrl: `http://127.0.0.1:${port}/mcp` });
  expect(second.issuer).not.toBe(first.issuer);
  expect((await fetch(second.mcpServerUrl, { method: 'POST' })).status).toBe(401);
});
