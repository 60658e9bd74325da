// The list of providers: ways to connect, search, presets, tiles; and what a form sends.
import { describe, expect, it } from 'vitest';
import { fieldErrors, makeCredential } from '../../../web/app/logic/key-form.ts';
import { safeUrl } from '../../../web/app/logic/safe-url.ts';
import { initials } from '../../../web/app/logic/tile.ts';
import { findPreset, listConnectable, listWays, searchProviders } from '../../../web/app/logic/ways.ts';
import { fakeProviders } from '../../support/browser/fake-providers.ts';

const find = (name: string) => {
  const provider = fakeProviders.find((each) => each.provider === name);
  if (!provider) throw new Error(`no ${name}`);
  return provider;
};
const NO_PRESET = { provider: null, mcpServerUrl: null, credentialId: null, scopes: null, variables: null };

describe('the ways to connect', () => {
  it('begin with signing in, and offer a code only where there is one', () => {
    expect(listWays(find('github')).map(({ kind }) => kind)).toEqual(['oauth', 'device', 'form']);
    expect(listWays(find('slack')).map(({ kind }) => kind)).toEqual(['oauth']);
    expect(listWays(find('openai'))).toEqual([{ kind: 'form', type: 'api_key' }]);
  });

  it('are none where no client is set up and nothing can be typed in', () => {
    const slack = { ...find('slack'), oauth: { configured: false } };
    expect(listWays(slack)).toEqual([]);
    expect(listConnectable([slack, find('asana')])).toEqual([find('asana')]);
  });
});

describe('the search', () => {
  it.each([
    ['git', ['github']],
    ['OPEN AI', ['openai']],
    ['s', ['shopify', 'slack', 'smtp', 'asana', 'zendesk']],
    ['nothing', []],
  ])('finds by %j, those that begin with it first', (typed, names) => {
    const found = searchProviders(listConnectable(fakeProviders), typed).map(({ provider }) => provider);
    expect(found.filter((name) => ['asana', 'zendesk', ...names].includes(name))).toEqual(names);
  });
});

describe('a preset', () => {
  it('names a provider', () => {
    expect(findPreset(fakeProviders, { ...NO_PRESET, provider: 'slack' })).toBe(find('slack'));
    expect(findPreset(fakeProviders, NO_PRESET)).toBeUndefined();
  });
});

describe('a tile', () => {
  it.each([
    ['GitHub', 'GH'],
    ['Google Drive', 'GD'],
    ['openai', 'OP'],
    ['X', 'X'],
    ['Élan (beta)', 'ÉB'],
    ['1Password', '1P'],
  ])('shows of %s %s', (name, letters) => {
    expect(initials(name)).toBe(letters);
  });
});

describe('a form', () => {
  it('sends the fields that were filled in, without blanks around them', () => {
    const values = { apiKey: ' sk-1\n', title: '', 'variables.region': 'us', stray: 'x' };
    expect(makeCredential(find('zendesk'), 'api_key', values)).toEqual({
      ...{ type: 'api_key', provider: 'zendesk', apiKey: 'sk-1', variables: { region: 'us' } },
    });
  });

  it('shows a refusal at the input it is about', () => {
    const errors = [
      { pointer: '#/apiKey', detail: 'has a line break' },
      { pointer: '#/variables/region', detail: 'is unknown' },
    ];
    expect(fieldErrors({ code: 'invalid_request', errors })).toEqual({
      ...{ apiKey: 'has a line break', 'variables.region': 'is unknown' },
    });
  });
});

describe('an address from outside', () => {
  it.each(['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'nonsense', '', null, undefined])(
    'is not opened: %s',
    (address) => {
      expect(safeUrl(address)).toBeNull();
    },
  );

  it('is opened when it is a web address', () => {
    expect(safeUrl('https://github.com/login')).toBe('https://github.com/login');
  });
});
