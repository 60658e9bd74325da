// The HTML pages of the local server: one look, light and dark, and a policy that allows the page's own style and script by
// their hashes and loads nothing else.
import { createHash } from 'node:crypto';
import { escapeHtml } from '../../web/page/escape-html.ts';
import type { Reply } from './reply.ts';

/** An HTML page of the local server. */
export interface Page {
  title: string;
  /** HTML; the caller escapes what it inserts. */
  body: string;
  /** JavaScript of the page itself; it may call this server and no other. */
  script?: string;
  /** The page has a form whose answer may redirect anywhere. */
  submits?: boolean;
}

const STYLE = `
:root{color-scheme:light dark;--text:#1b1f24;--soft:#59636e;--back:#fff;--panel:#f4f6f8;--line:#d5dbe1;--accent:#1b4fd6;--on:#fff;--good:#1a7f37;--bad:#b42318}
@media(prefers-color-scheme:dark){:root{--text:#e6edf3;--soft:#9aa7b4;--back:#0f1318;--panel:#191f27;--line:#303943;--accent:#7da2ff;--on:#0f1318;--good:#56d364;--bad:#ff8a80}}
*{box-sizing:border-box}[hidden]{display:none!important}
body{margin:0 auto;max-width:52rem;padding:2.5rem 1.25rem 4rem;background:var(--back);color:var(--text);font:16px/1.55 system-ui,sans-serif}
main.narrow{max-width:36rem;margin:0 auto}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .5rem}h2{font-size:1.15rem;margin:2.2rem 0 .6rem}h3{font-size:1rem;margin:1.2rem 0 .3rem}
p{margin:.5rem 0}a{color:var(--accent)}.soft{color:var(--soft)}.good{color:var(--good)}.bad{color:var(--bad)}
code,pre,.mono{font:.875em/1.5 ui-monospace,SFMono-Regular,Menlo,monospace;overflow-wrap:anywhere}
pre{margin:.6rem 0;padding:.8rem 1rem;background:var(--panel);border:1px solid var(--line);border-radius:.5rem;white-space:pre-wrap}
.panel{margin:1rem 0;padding:1rem 1.2rem;background:var(--panel);border:1px solid var(--line);border-radius:.6rem}
table{width:100%;border-collapse:collapse}td,th{padding:.35rem .8rem .35rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;font-weight:400}
th{color:var(--soft)}td{overflow-wrap:anywhere}th{white-space:nowrap}
@media(max-width:32rem){tr{display:block;border-bottom:1px solid var(--line);padding:.35rem 0}td,th{display:block;border:0;padding:0;white-space:normal}}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.2rem;margin:.6rem 0}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
@media(max-width:32rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}}
button{padding:.6rem 1.1rem;font:inherit;border:1px solid var(--accent);border-radius:.5rem;background:var(--accent);color:var(--on);cursor:pointer}
.choices button{display:block;width:100%;margin:.6rem 0}button.plain{background:transparent;color:var(--accent)}button:disabled{opacity:.5;cursor:default}
input{padding:.6rem .8rem;font:inherit;color:inherit;background:var(--back);border:1px solid var(--line);border-radius:.5rem;width:14rem;max-width:100%}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
details{border:1px solid var(--line);border-radius:.5rem;margin:.5rem 0;padding:0 .9rem}summary{padding:.6rem 0;cursor:pointer}details[open]{padding-bottom:.8rem}
ul{padding-left:1.2rem;margin:.4rem 0}.row{display:flex;flex-wrap:wrap;gap:.6rem;align-items:center}
progress{width:100%;height:.5rem;accent-color:var(--accent)}
`;

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1b4fd6"/><g fill="none" stroke="#fff" stroke-width="3"><circle cx="11" cy="16" r="4.5"/><path d="M15.500 16h11v5M21 16v4"/></g></svg>`;

const sha256Source = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** A description (CommonMark inline code and emphasis, no other markup) as HTML. */
export const renderInline = (text: string): string =>
  escapeHtml(text)
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replace(/\*([^*\s][^*]*)\*/g, '<em>$1</em>');

const policy = ({ script, submits }: Page): string =>
  [
    "default-src 'none'",
    'img-src data:',
    `style-src ${sha256Source(STYLE)}`,
    ...(script === undefined ? [] : [`script-src ${sha256Source(script)}`, "connect-src 'self'"]),
    ...(submits ? [] : ["form-action 'none'"]),
    ...["base-uri 'none'", "frame-ancestors 'none'"],
  ].join('; ');

/** The page as an answer that no browser keeps. */
export const pageReply = (page: Page): Reply => ({
  status: 200,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    // With `no-referrer` the browser would send `Origin: null` with the page's form (Fetch §3.2), which is refused.
    'referrer-policy': page.submits ? 'same-origin' : 'no-referrer',
    'x-content-type-options': 'nosniff',
    'content-security-policy': policy(page),
  },
  body: Buffer.from(
    `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">` +
      `<title>${escapeHtml(page.title)}</title><link rel="icon" href="data:image/svg+xml;base64,${btoa(ICON)}">` +
      `<style>${STYLE}</style></head><body>${page.body}${page.script === undefined ? '' : `<script>${page.script}</script>`}</body></html>\n`,
  ),
});
