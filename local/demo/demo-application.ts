// The demo page: it plays an application in which a user connects an account. Its script calls the public routes with plain
// fetch, so that it can be read as an example of a front end.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageReply } from '../http/page.ts';
import type { Reply } from '../http/reply.ts';

const SCRIPT = readFileSync(join(import.meta.dirname, 'demo-application-script.js'), 'utf8');

const BODY = `<main class="narrow"><p><a href="/">Keyhold</a></p><h1>Demo application</h1>
<p class="soft">It plays your product: a user connects an account, and a worker gets a working token for it at any time.</p>
<p id="message" class="panel" role="status" hidden></p>
<form id="start" class="panel" hidden>
<p><label for="name">You are signed in as</label></p>
<p class="row"><input id="name" value="alice" required maxlength="64" autocomplete="off" spellcheck="false">
<button id="connect">Connect the demo account</button></p>
<p class="soft">The provider asks whether Keyhold may use the account. Allow it as Ada or Grace, or deny it.</p>
<p>Or without a front end of your own: <button type="button" class="plain" id="page">Open the connect page</button></p>
<p class="soft">The server makes a connect link for the name above, as your back end would, and opens it.</p>
</form>
<section id="account" hidden>
<h2 class="good" id="connected">Connected</h2>
<div class="panel"><dl>
<dt>User</dt><dd id="user"></dd><dt>Account</dt><dd id="username"></dd><dt>Title</dt><dd id="title"></dd>
<dt>Scopes</dt><dd id="scopes"></dd><dt>Credential</dt><dd><code id="credential"></code></dd>
</dl></div>
<h2>The token, refreshed in time</h2>
<p>This provider's tokens are valid for one minute. The page asks for the token as a worker would; Keyhold refreshes it before it expires.</p>
<div class="panel"><progress id="life" max="60" value="0" aria-label="Seconds until the token expires"></progress>
<dl><dt>Expires in</dt><dd id="left"></dd><dt>Fingerprint</dt><dd><code id="fingerprint"></code> <span class="soft">of the token; the page never sees the token</span></dd>
<dt>Refreshed</dt><dd id="refreshed"></dd></dl></div>
<h2>Next step: ask for it as a worker</h2>
<pre id="command"></pre>
<p class="row"><button class="plain" id="copy">Copy the command</button><button class="plain" id="disconnect">Disconnect</button></p>
</section>
<noscript><p class="bad">This page needs JavaScript.</p></noscript></main>`;

/** GET /_local/demo. */
export const demoApplicationPage: Reply = pageReply({ title: 'Keyhold, demo application', body: BODY, script: SCRIPT });
