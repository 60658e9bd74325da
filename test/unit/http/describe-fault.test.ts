// A fault in the log: names, codes and places in the project's code, never a message.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ProviderFault } from '../../../lib/domain/ports/oauth-protocol.ts';
import { PortFault } from '../../../lib/domain/ports/port-fault.ts';
import { ServiceError } from '../../../lib/domain/values/service-error.ts';
import { describeFault } from '../../../lib/http/chain/describe-fault.ts';

describe('describeFault', () => {
  it.each([
    ['the kind of a ProviderFault', new ProviderFault('client_fault', { providerCode: 'canary' }), 'client_fault'],
    ['the kind of a PortFault', new PortFault('busy', { retryable: true }), 'busy'],
  ])('names %s and nothing the provider sent', (_, cause, kind) => {
    const faults = describeFault(new ServiceError('provider_rejected', { cause }));
    expect(faults).toMatchObject([{ name: 'ServiceError', code: 'provider_rejected' }, { kind }]);
    expect(JSON.stringify(faults)).not.toContain('canary');
  });

  it('ignores the kind of a foreign error', () => {
    expect(describeFault(Object.assign(new Error('x'), { kind: 'canary' }))[0]).not.toHaveProperty('kind');
  });

  it('names status and request id of an AWS SDK error', () => {
    const $metadata = { httpStatusCode: 400, requestId: 'aws-1' };
    const error = Object.assign(new Error('canary'), { name: 'AccessDeniedException', $metadata });
    expect(describeFault(error)).toEqual([
      { name: 'AccessDeniedException', status: 400, awsRequestId: 'aws-1', at: expect.any(Array) },
    ]);
  });

  it.each([
    [new Error('x'), {}],
    [Object.assign(new Error('x'), { code: 'ECONNRESET' }), { code: 'ECONNRESET' }],
    [Object.assign(new Error('x'), { code: 7 }), {}],
  ])('adds only the members an error has: %#', (error, more) => {
    expect(describeFault(error)).toEqual([{ name: 'Error', at: expect.any(Array), ...more }]);
  });

  it.each([
    ['text', 'string'],
    [null, 'object'],
    [5, 'number'],
  ])('names the type of a thrown value that is no Error: %j', (thrown, name) => {
    expect(describeFault(thrown)).toEqual([{ name }]);
  });

  it('is empty for undefined', () => {
    expect(describeFault(undefined)).toEqual([]);
  });

  const withStack = (message: string, ...lines: string[]) =>
    Object.assign(new Error(message), { stack: [`Error: ${message}`, ...lines].join('\n') });
  const root = fileURLToPath(new URL('../../../', import.meta.url));

  it('lists the places of a real error in the code of the project', () => {
    const [place] = describeFault(new Error('x'))[0]?.at ?? [];
    expect(place).toMatch(/^test\/unit\/http\/describe-fault\.test\.ts:\d+:\d+$/);
  });

  it('lists places in its own code, and no other text of the stack', () => {
    const own = [`    at canary (file://${root}lib/a.ts:1:2)`, `  at async ${root}functions/b.ts:3:4`];
    const foreign = [
      '    at canary',
      '    at f (/canary.ts:1:1)',
      '    at canary (node:net:1:1)',
      `    at ${root}canary é:1:1`,
    ];
    const error = withStack('first\n    at canary (x.ts:1:1)', ...own, ...foreign);
    error.message = 'another';
    expect(describeFault(error)).toEqual([{ name: 'Error', at: ['lib/a.ts:1:2', 'functions/b.ts:3:4'] }]);
  });

  it('lists at most six places, and none without a stack', () => {
    const error = withStack('x', ...Array.from({ length: 9 }, (_, line) => `    at f (${root}lib/a.ts:${line}:1)`));
    expect(describeFault(error)[0]?.at).toHaveLength(6);
    expect(describeFault(Object.assign(new Error('x'), { stack: undefined }))).toEqual([{ name: 'Error', at: [] }]);
  });

  it('takes no name or code that is not one word', () => {
    const error = Object.assign(new Error('x'), { name: 'a canary', code: 'canary!', stack: undefined });
    expect(describeFault(error)).toEqual([{ name: 'Error', at: [] }]);
  });

  it('follows at most four causes', () => {
    let error = new Error('0');
    for (let depth = 1; depth < 9; depth++) error = new Error(String(depth), { cause: error });
    expect(describeFault(error)).toHaveLength(4);
    expect(describeFault(new Error('1', { cause: 'text' }))).toMatchObject([{ name: 'Error' }, { name: 'string' }]);
  });
});
