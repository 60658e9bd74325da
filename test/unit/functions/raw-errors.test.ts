// Lambda prints an error that leaves a function with its message, cause and stack. Every function lets out described faults only.
import { readdirSync, readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { routes } from '../../../lib/http/routes/routes.ts';
import { canary, findCanaries } from '../../support/secrets/canaries.ts';

const SECRET = canary();
const CANARIES = new Map([['secret', SECRET]]);

const makeFault = (): Error => {
  const error = new Error(SECRET, { cause: new Error(`cause ${SECRET}`) });
  error.stack = `Error: ${SECRET}\n    at ${SECRET} (/app/${SECRET}.ts:1:1)\n${error.stack}`;
  return Object.assign(error, { code: SECRET, input: { secret: SECRET } });
};

const fails = async (): Promise<never> => {
  throw makeFault();
};

const logged: unknown[][] = [];
const log = { info: () => {}, warn: () => {}, error: (...line: unknown[]) => void logged.push(line) };

const SYNCHRONOUS = {
  log,
  meter: { record: () => {}, flush: () => {} },
  clock: { now: () => 1_893_456_000_000 },
  random: { fraction: () => 0.5, uuid: () => 'a' },
  budget: { answerMilliseconds: 1000, exchangeMilliseconds: 1, leaseMilliseconds: 1, waitMilliseconds: 1 },
};

/** Every port fails, at any depth, but for those that cannot. */
const failingDeps = (): unknown =>
  new Proxy(fails, {
    get: (_, name) => {
      if (name === 'then') return undefined;
      return name in SYNCHRONOUS ? SYNCHRONOUS[name as keyof typeof SYNCHRONOUS] : failingDeps();
    },
  });

/** A file that imports no code, such as the health function, has nothing that could fail. */
const importsCode = (file: string): boolean => /^import (?!type )/m.test(readFileSync(`functions/${file}`, 'utf8'));

/** A function without any right, such as that of the connect page, can reach no secret, and none is in its environment. */
const hasRights = (name: string): boolean =>
  routes.filter((route) => route.function === name).every(({ capabilities }) => capabilities.length > 0);

const names = readdirSync('functions')
  .filter((file) => file.endsWith('.ts') && importsCode(file))
  .map((file) => file.replace(/\.ts$/, ''))
  .filter(hasRights);

const load = async (name: string, start: () => unknown) => {
  vi.resetModules();
  vi.doMock(`../../../lib/container/${name}.ts`, async (original) => {
    const makers = Object.keys(await original<object>());
    return Object.fromEntries(makers.map((maker) => [maker, start]));
  });
  return (await import(`../../../functions/${name}.ts`)) as { handler: (event: unknown, context: unknown) => unknown };
};

const caught = async (work: () => unknown): Promise<Error> => {
  try {
    await work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
};

/** Everything the runtime could print of an error, and what was logged. */
const printed = (error: Error): string =>
  [error.message, error.stack, inspect(error, { depth: 9, showHidden: true }), inspect(logged, { depth: 9 })].join(
    '\n',
  );

afterEach(() => {
  logged.length = 0;
});

describe('a raw error', () => {
  it('contains the secret, and the search finds it', () => {
    expect(findCanaries(printed(makeFault()), CANARIES)).toHaveLength(1);
  });

  it.each(names)('does not leave %s when it starts', async (name) => {
    const error = await caught(() =>
      load(name, () => {
        throw makeFault();
      }),
    );
    expect(findCanaries(printed(error), CANARIES)).toEqual([]);
    expect(error.message).toContain('"name":"Error"');
  });

  it.each(names)('does not leave %s when an invocation fails', async (name) => {
    const { handler } = await load(name, failingDeps);
    // An event that no function can read: the chain of the API fails on it too.
    const event = new Proxy(
      {},
      {
        get: () => {
          throw makeFault();
        },
      },
    );
    const error = await caught(() => handler(event, {}));
    expect(findCanaries(printed(error), CANARIES)).toEqual([]);
    expect(error.message).toBe(`${name} failed`);
    expect(error.cause).toBeUndefined();
    expect(logged).toEqual([
      ['function failed', { fault: expect.arrayContaining([expect.objectContaining({ name: 'Error' })]) }],
    ]);
  });

  it.each(names)('is described by the entry point of %s', (name) => {
    expect(readFileSync(`functions/${name}.ts`, 'utf8')).toMatch(`export const handler = entryPoint('${name}', `);
  });
});
