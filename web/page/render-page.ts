// The connect page as one HTML document, and the policy under which a browser runs it: its own script and styles by their hashes, calls to
// its own origin, and nothing else.
import { createHash } from 'node:crypto';
import type { AppCode } from '../build/build-app.ts';
import { accentColours } from './accent-colours.ts';
import { escapeHtml } from './escape-html.ts';

/** What an operator sets. */
export interface PageSettings {
  /** The name that people know the application by. */
  name: string;
  /** `#rrggbb`; undefined: the page's own colour. */
  accent: string | undefined;
}

/** The document and the value of its Content-Security-Policy. */
export interface RenderedPage {
  html: string;
  policy: string;
}

const hashSource = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const operatorStyle = (accent: string | undefined): string[] => {
  if (accent === undefined) return [];
  const { light, dark } = accentColours(accent);
  return [`:root{--page-accent:${light};--page-accent-dark:${dark}}`];
};

const makePolicy = (script: string, styles: readonly string[]): string =>
  [
    "default-src 'none'",
    `script-src ${hashSource(script)}`,
    `style-src ${styles.map(hashSource).join(' ')}`,
    "connect-src 'self'",
    // The icon in the document.
    'img-src data:',
    // The page's forms are handled by its script.
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');

/** An empty icon: without one a browser asks the service for /favicon.ico. */
const ICON = 'data:,';

/** Renders the document. The application is drawn into `#page`; without script, a sentence says so. */
export const renderPage = ({ script, style }: AppCode, { name, accent }: PageSettings): RenderedPage => {
  const shown = escapeHtml(name);
  const styles = [style, ...operatorStyle(accent)];
  return {
    policy: makePolicy(script, styles),
    html:
      `<!doctype html>\n<html lang="en" data-name="${shown}"><head><meta charset="utf-8">` +
      '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">' +
      `<title>Connect an account · ${shown}</title><link rel="icon" href="${ICON}">` +
      styles.map((text) => `<style>${text}</style>`).join('') +
      '</head><body><div id="page"><noscript><main><h1>This page needs JavaScript</h1>' +
      `<p>Switch it on for this page, or go back to ${shown}.</p></main></noscript></div>` +
      `<script>${script}</script></body></html>\n`,
  };
};
