// docs/providers.md is generated from the catalogue, and every gap in it has a reason.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  checksUnknown,
  factsLeftUnset,
  providerLimits,
  providersLeftOut,
} from '../../../lib/providers/catalogue/gaps.ts';
import { catalogueProviders, findCatalogueProvider } from '../../../lib/providers/catalogue.ts';
import { keyProviders } from '../../../lib/providers/key-catalogue.ts';
import { oauthSources } from '../../../lib/providers/oauth-sources.ts';
import { type Answers, allAnswers, countKnown, questions } from '../../../scripts/provider-answers.ts';
import { providersPage } from '../../../scripts/write-providers.ts';

describe('docs/providers.md', () => {
  it('equals the output of `node scripts/write-providers.ts`', () => {
    expect(readFileSync('docs/providers.md', 'utf8')).toBe(providersPage());
  });

  it('has a row for each provider', () => {
    const page = providersPage();
    for (const name of catalogueProviders.keys()) expect(page).toContain(`\n| \`${name}\` |`);
    for (const name of Object.keys(providersLeftOut)) expect(page).toContain(`\n- \`${name}\`: `);
  });
});

const { oauth, keys } = allAnswers();
const records: [string, Answers][] = [
  ...oauth,
  ...[...keys].map<[string, Answers]>(([name, given]) => [`key ${name}`, given]),
];

describe('the five questions', () => {
  it('are asked of every record', () => {
    expect([...oauth.keys()]).toEqual([...catalogueProviders.keys()]);
    expect([...keys.keys()]).toEqual([...keyProviders.keys()]);
    for (const [, answers] of records) expect(Object.keys(answers)).toEqual([...questions]);
  });

  it.each(records)('%s: each answer has a source and a day, and the rest is unknown', (_, answers) => {
    for (const question of questions) {
      const answer = answers[question];
      if (answer === null) continue;
      expect(answer.text).not.toBe('');
      expect(answer.sources.length).toBeGreaterThan(0);
      expect(answer.readOn).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
  });

  it.each([...oauth])('%s: what its record says is answered, and nothing else', (name, answers) => {
    const record = findCatalogueProvider(name);
    const hasOwnPages = !('connect' in (oauthSources.get(name) ?? {}));
    expect(answers.connect).not.toBeNull();
    if (record?.revocationEndpoint === undefined) expect(answers.end).toBeNull();
    if (record?.identityEndpoint === undefined) expect(answers.check).toBeNull();
    if (!hasOwnPages) return;
    expect(answers.end !== null).toBe(record?.revocationEndpoint !== undefined);
    expect(answers.check !== null).toBe(record?.identityEndpoint !== undefined);
  });

  it.each([...keys])('%s: has an answer to connect and call, and to check where there is a call', (name, answers) => {
    expect(answers.connect).not.toBeNull();
    expect(answers.call).not.toBeNull();
    expect(answers.check !== null).toBe(keyProviders.get(name)?.verification !== undefined);
  });

  it('are counted on the page', () => {
    const page = providersPage();
    for (const question of questions) {
      const [grants, held] = [countKnown(oauth.values(), question), countKnown(keys.values(), question)];
      expect(page).toContain(`\n| ${question} | ${grants} | ${held} | ${grants + held} |\n`);
    }
  });

  it('have sources for the records of the catalogue and for no others', () => {
    expect([...oauthSources.keys()].sort()).toEqual([...catalogueProviders.keys()]);
  });
});

describe('catalogue gaps', () => {
  it.each(Object.entries(providersLeftOut))('%s is left out with a reason', (name, reason) => {
    expect(findCatalogueProvider(name)).toBeUndefined();
    expect(reason).toMatch(/^.{10,}\.$/);
  });

  it.each(Object.entries(factsLeftUnset))('%s has the listed fields unset', (name, fields) => {
    const record = findCatalogueProvider(name);
    expect(record).toBeDefined();
    expect(fields.filter((field) => record?.[field] !== undefined)).toEqual([]);
    expect(fields).toEqual(fields.toSorted());
  });

  it('says why for each API whose keys cannot be checked, and for no others', () => {
    const unchecked = [...keyProviders].filter(([, { verification }]) => verification === undefined);
    expect(Object.keys(checksUnknown)).toEqual(unchecked.map(([name]) => name));
    for (const reason of Object.values(checksUnknown)) expect(reason).toMatch(/^.{10,}\.$/);
  });

  it('lists the field that would answer how a grant is renewed, wherever that is unknown', () => {
    const unknown = [...catalogueProviders].filter(([name]) => oauth.get(name)?.renew === null);
    const unlisted = unknown.filter(([name, { rotatesRefreshTokens, accessTokenLifetimeSeconds }]) => {
      const isStated = rotatesRefreshTokens !== undefined || accessTokenLifetimeSeconds === null;
      const fields = factsLeftUnset[name] ?? [];
      return !isStated && !fields.includes('rotatesRefreshTokens') && !fields.includes('accessTokenLifetimeSeconds');
    });
    expect(unlisted.map(([name]) => name)).toEqual([]);
  });

  it('states limits only of listed providers', () => {
    expect(Object.keys(providerLimits).filter((name) => findCatalogueProvider(name) === undefined)).toEqual([]);
  });
});
