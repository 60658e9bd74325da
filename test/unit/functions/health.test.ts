// The function of the health route stands alone; it answers as the handler chain would.
import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { handler } from '../../../functions/health.ts';
import { callDeadline } from '../../../lib/adapters/runtime/call-deadline.ts';
import { httpFunction } from '../../../lib/http/chain/http-function.ts';
import { selectRoutes } from '../../../lib/http/routes/own-routes.ts';
import { routeTable } from '../../../lib/http/routes/routes.ts';
import { Health } from '../../../lib/http/schemas/service.ts';
import { httpEvent, lambdaContext } from '../../support/builders.ts';
import { settableClock, unlimitedCalls } from '../../support/memory/memory-deps.ts';

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
const chain = {
  log,
  clock: settableClock(),
  deadline: callDeadline,
  userLogKey: 'the-key-of-the-log',
  callLimit: unlimitedCalls,
};

describe('the health function', () => {
  it('answers what the route promises', async () => {
    const { statusCode, body } = await handler();
    expect(statusCode).toBe(200);
    expect(Health.strict().parse(JSON.parse(body ?? ''))).toEqual({ status: 'ok' });
  });

  it('answers the same headers as the handler chain', async () => {
    const getHealth = async () => ({ status: 200, body: { status: 'ok' } });
    const chained = await httpFunction(
      selectRoutes('health', routeTable),
      { getHealth },
      chain,
    )(httpEvent(), lambdaContext());
    const lowerCase = Object.entries(chained.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
    expect((await handler()).headers).toEqual(Object.fromEntries(lowerCase));
  });

  it('imports no code: it can neither read nor open anything', () => {
    const imports = readFileSync('functions/health.ts', 'utf8').match(/^import (?!type ).*$/gm);
    expect(imports).toBeNull();
  });
});
