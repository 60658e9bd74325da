// docs/providers.md is generated from the catalogue, and every gap in it has a reason.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { factsLeftUnset, providerLimits, providersLeftOut } from '../../../lib/providers/catalogue/gaps.ts';
import { catalogueProviders, findCatalogueProvider } from '../../../lib/providers/catalogue.ts';
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

  it('states limits only of listed providers', () => {
    expect(Object.keys(providerLimits).filter((name) => findCatalogueProvider(name) === undefined)).toEqual([]);
  });
});
