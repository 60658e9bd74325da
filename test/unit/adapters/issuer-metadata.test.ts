// The metadata of issuers in memory: how often an issuer is asked, and what is used while it fails.
import { describe, expect, it, vi } from 'vitest';
import { issuerMetadata } from '../../../lib/adapters/issuer/issuer-metadata.ts';
import { defaultServer } from '../../../lib/domain/mcp/discovery/earlier-revision.ts';
import { notConnectable } from '../../../lib/domain/mcp/not-connectable.ts';
import { MINUTE } from '../../support/builders.ts';
import { settableClock } from '../../support/memory/memory-deps.ts';

const HOUR = 60 * MINUTE;
const ISSUER = 'https://id.example.com';
const down = notConnectable('authorization_server_metadata', 'unreachable');

const world = (pauseMilliseconds = 5000) => {
  const clock = settableClock();
  const ask = vi.fn(async (issuer: string) => defaultServer(issuer));
  return { clock, ask, read: issuerMetadata({ read: ask, maxAgeMilliseconds: HOUR, pauseMilliseconds, clock }) };
};

describe('issuerMetadata', () => {
  it('asks each issuer once an hour, whoever reads', async () => {
    const { clock, ask, read } = world();
    await Promise.all([read(ISSUER), read(ISSUER), read('https://other.example.com')]);
    clock.advance(HOUR - 1);
    expect(await read(ISSUER)).toEqual(defaultServer(ISSUER));
    expect(ask).toHaveBeenCalledTimes(2);
    clock.advance(1);
    await read(ISSUER);
    expect(ask).toHaveBeenCalledTimes(3);
  });

  it('asks at once past the cache', async () => {
    const { ask, read } = world();
    await read(ISSUER);
    await read(ISSUER, { pastCache: true });
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('uses what the issuer said last for a day while it fails, and asks again after a pause', async () => {
    const { clock, ask, read } = world();
    await read(ISSUER);
    ask.mockRejectedValue(down);
    clock.advance(HOUR);
    expect([await read(ISSUER), await read(ISSUER)]).toEqual([defaultServer(ISSUER), defaultServer(ISSUER)]);
    expect(ask).toHaveBeenCalledTimes(2);
    clock.advance(22 * HOUR);
    expect(await read(ISSUER)).toEqual(defaultServer(ISSUER));
    clock.advance(HOUR);
    await expect(read(ISSUER)).rejects.toBe(down);
  });

  it('repeats the failure of an issuer that has said nothing yet for five seconds', async () => {
    const { clock, ask, read } = world();
    ask.mockRejectedValueOnce(down);
    await expect(read(ISSUER)).rejects.toBe(down);
    clock.advance(4999);
    await expect(read(ISSUER)).rejects.toBe(down);
    expect(ask).toHaveBeenCalledTimes(1);
    clock.advance(1);
    expect(await read(ISSUER)).toEqual(defaultServer(ISSUER));
    expect(await read(ISSUER)).toEqual(defaultServer(ISSUER));
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('reads at once after a failure where there is no pause', async () => {
    const { ask, read } = world(0);
    ask.mockRejectedValueOnce(down);
    await expect(read(ISSUER)).rejects.toBe(down);
    expect(await read(ISSUER)).toEqual(defaultServer(ISSUER));
  });
});
