// The page at `/`: what runs here, where to go next, and the settings in force. It shows no secret.

import { escapeHtml } from '../../web/page/escape-html.ts';
import { pageReply } from '../http/page.ts';
import type { Reply } from '../http/reply.ts';
import type { LocalParts } from './local-parts.ts';

const settingRows = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([name, value]) => {
      const shown = value === '' ? '<span class="soft">not set</span>' : `<code>${escapeHtml(value)}</code>`;
      return `<tr><th><code>${escapeHtml(name)}</code></th><td>${shown}</td></tr>`;
    })
    .join('');

const mcpRow = (mcpServerUrl: string | undefined): string =>
  mcpServerUrl === undefined
    ? ''
    : `<dt>MCP server</dt><dd><code>${escapeHtml(mcpServerUrl)}</code>, to connect by its URL; <a href="/_local/mcp-agent?user=alice">an agent</a> connects it as alice and calls it</dd>\n`;

/** Rendered on each request, with the settings that the functions were started with. */
export const renderIndexPage = ({ redirectUri, mcpServerUrl, folder, settings }: LocalParts): Reply =>
  pageReply({
    title: 'Keyhold, local server',
    body: `<main><h1>Keyhold</h1>
<p class="good">The local server is running.</p>
<div class="panel"><dl>
<dt>Demo</dt><dd><a href="/_local/demo">Connect an account</a> at the demo provider and watch its token being refreshed</dd>
<dt>Connect page</dt><dd><a href="/_local/connect?user=alice">The page your users would get</a>, with a new link for alice each time</dd>
${mcpRow(mcpServerUrl)}<dt>API reference</dt><dd><a href="/_local/api">Every route</a>, made from <a href="/_local/openapi.json">openapi.json</a></dd>
<dt>Events</dt><dd><a href="/_local/events">What was published</a>, oldest first</dd>
<dt>Health</dt><dd><a href="/v1/health">/v1/health</a></dd>
</dl></div>
<h2>How to call it</h2>
<dl>
<dt>As a user</dt><dd><code>/v1/me/…</code> with a bearer token. <code>POST /_local/token</code> with <code>{"sub": "alice"}</code> gives one for alice.</dd>
<dt>As a worker</dt><dd><code>/v1/users/…</code> with an AWS SigV4 signature: service <code>execute-api</code>, region <code>us-east-1</code>, key and secret <code>local</code>.</dd>
</dl>
<h2>Connect a real provider</h2>
<p>Register this redirect URI at the provider:</p><pre>${escapeHtml(redirectUri)}</pre>
<p>Then put its client into <code>${escapeHtml(folder)}/secrets/oauth-clients.json</code>. <code>docs/guides/connect-github.md</code> has a whole example.</p>
<h2>Settings in force</h2>
<table>${settingRows(settings)}</table>
<p class="soft">Change a setting by an environment variable of the same name, and start again.</p></main>`,
  });
