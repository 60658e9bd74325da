import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { factsLeftUnset, providerLimits, providersLeftOut } from '../../../lib/providers/catalogue/gaps.ts';
import { catalogueProviders, findCatalogueProvider } from '../../../lib/providers/catalogue.ts';
import { providersPage } from '../../../scripts/write-providers.ts';

describe('docs/providers.md', () => {
  it('is what `node scripts/write-providers.ts` writes', () => {
    expect(readFileSync('docs/providers.md', 'utf8')).toBe(providersPage());
  });

  it('has a line for each provider', () => {
    const page = providersPage();
    for (const name of catalogueProviders.keys()) expect(page).toContain(`\n| \`${name}\` |`);
    for (const name of Object.keys(providersLeftOut)) expect(page).toContain(`\n- \`${name}\`: `);
  });
});

describe('the gaps of the catalogue', () => {
  it.each(Object.entries(providersLeftOut))('%s is left out, for a reason', (name, reason) => {
    expect(findCatalogueProvider(name)).toBeUndefined();
    expect(reason).toMatch(/^.{10,}\.$/);
  });

  it.each(Object.entries(factsLeftUnset))('%s has the listed facts unset', (name, fields) => {
    const record = findCatalogueProvider(name);
    expect(record).toBeDefined();
    expect(fields.filter((field) => record?.[field] !== undefined)).toEqual([]);
    expect(fields).toEqual(fields.toSorted());
  });

  it('tells limits only of providers that are there', () => {
    expect(Object.keys(providerLimits).filter((name) => findCatalogueProvider(name) === undefined)).toEqual([]);
  });
});
