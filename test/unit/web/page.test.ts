// The document of the page and its policy, and the operator's colour.
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appCode } from '../../../web/build/app-code.ts';
import { accentColours, measureContrast } from '../../../web/page/accent-colours.ts';
import { renderPage } from '../../../web/page/render-page.ts';
import { printFigure } from '../../support/run/figure.ts';

const { html, policy } = renderPage(appCode, { name: 'Acme <b>"&', accent: '#ffcc00' });
const embedded = (element: string) =>
  [...html.matchAll(new RegExp(`<${element}>(.*?)</${element}>`, 'gs'))].map(([, text = '']) => text);
const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const directive = (name: string) => policy.split('; ').find((each) => each.startsWith(`${name} `));

/** The limit of the brief is 40 KB; what it takes now, and little more. */
const MOST_BYTES = 21_000;

describe('the document', () => {
  it('is small', () => {
    const { length } = gzipSync(html, { level: 9 });
    printFigure('connect page', { gzipBytes: length });
    expect(length).toBeLessThan(MOST_BYTES);
  });

  it('runs its own script and styles by their hashes, and nothing else', () => {
    expect(directive('script-src')).toBe(`script-src ${embedded('script').map(hash).join(' ')}`);
    expect(directive('style-src')).toBe(`style-src ${embedded('style').map(hash).join(' ')}`);
    expect([embedded('script').length, embedded('style').length]).toEqual([1, 2]);
    for (const rest of ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"])
      expect(policy).toContain(rest);
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
  });

  it('loads nothing from elsewhere', () => {
    expect(html.match(/\b(?:src|href)="[^"]*"/g)).toEqual(['href="data:,"']);
    expect(embedded('style').join()).not.toMatch(/url\(|@import/);
  });

  it('shows the name of the operator as text', () => {
    expect(html).toContain('data-name="Acme &#60;b&#62;&#34;&#38;"');
    expect(html).not.toContain('Acme <b>');
  });
});

describe('the accent', () => {
  it('is used as it is where it can be read', () => {
    expect(accentColours('#3b5bdb').light).toBe('#3b5bdb');
    expect(accentColours('#91a7ff').dark).toBe('#91a7ff');
  });

  it('can be read in both schemes, whatever the operator sets', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffff }), (value) => {
        const { light, dark } = accentColours(`#${value.toString(16).padStart(6, '0')}`);
        for (const back of ['#ffffff', '#f5f6f8', '#f1f3f6'])
          expect(measureContrast(light, back)).toBeGreaterThanOrEqual(4.5);
        for (const back of ['#12151a', '#101317', '#191d23', '#222831'])
          expect(measureContrast(dark, back)).toBeGreaterThanOrEqual(4.5);
      }),
    );
  });
});
