// The script of the demo page. The browser comes back from the provider with `state` and `receipt`; the page completes only
// the connection that it started itself, so that a link from someone else connects nothing.
const element = (id) => document.getElementById(id);
const LOOK_EVERY_MILLISECONDS = 5000;
const NOT_OPEN =
  'This connection is no longer open: it was finished already, or it took too long. Nothing was changed.';

const say = (text, kind = '') => {
  element('message').textContent = text;
  element('message').className = `panel ${kind}`;
  element('message').hidden = text === '';
};

const call = async (method, path, { body, token } = {}) => {
  const headers = {
    ...(body && { 'content-type': 'application/json' }),
    ...(token && { authorization: `Bearer ${token}` }),
  };
  const reply = await fetch(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const text = await reply.text();
  return { status: reply.status, json: text === '' ? {} : JSON.parse(text) };
};

// A product has its own sign-in; the local server gives a token for any name.
const callAs = async (user, method, path, body) => {
  const { json } = await call('POST', '/_local/token', { body: { sub: user } });
  return call(method, path, { body, token: json.accessToken });
};

const describeProblem = ({ status, json }) =>
  json.detail || json.title || json.message || `the server answered ${status}`;

const showStart = () => {
  element('account').hidden = true;
  element('start').hidden = false;
};

const workerCommand = (user) =>
  `curl -s -w '\\n' --aws-sigv4 "aws:amz:us-east-1:execute-api" --user local:local ` +
  `${location.origin}/v1/users/${pathSegment(user)}/resolve -H 'content-type: application/json' -d '{"provider": "demo"}'`;

// A user id in a path: as it is when it is made of these characters, else ~ and the base64url of its UTF-8.
const pathSegment = (user) => {
  if (/^(?!\.{1,2}$)[A-Za-z0-9._-]+$/.test(user)) return user;
  const bytes = String.fromCharCode(...new TextEncoder().encode(user));
  return `~${btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`;
};

let timers = [];
const stopWatching = () => {
  for (const timer of timers) clearInterval(timer);
  timers = [];
};

const watchToken = (user, credentialId) => {
  stopWatching();
  let seen = { fingerprint: '', expiresAt: 0, refreshes: 0 };
  const showTime = () => {
    const seconds = Math.max(0, Math.round((seen.expiresAt - Date.now()) / 1000));
    element('left').textContent = `${seconds} s`;
    element('life').value = seconds;
  };
  const look = async () => {
    const reply = await call('POST', '/_local/resolve', { body: { sub: user, credentialId } });
    if (reply.status !== 200) {
      say(`No token: ${describeProblem(reply)}`, 'bad');
      return;
    }
    const { fingerprint, expiresAt } = reply.json;
    const isNew = seen.fingerprint !== '' && fingerprint !== seen.fingerprint;
    const refreshes = seen.refreshes + (isNew ? 1 : 0);
    seen = { fingerprint, expiresAt: Date.parse(expiresAt), refreshes };
    element('fingerprint').textContent = fingerprint;
    if (isNew)
      element('refreshed').textContent =
        `${refreshes} × since you opened this page, last at ${new Date().toLocaleTimeString()}`;
    showTime();
  };
  element('refreshed').textContent = 'not yet; it takes about half a minute';
  timers = [setInterval(showTime, 1000), setInterval(look, LOOK_EVERY_MILLISECONDS)];
  look();
};

const showAccount = (user, view) => {
  element('start').hidden = true;
  element('account').hidden = false;
  element('user').textContent = user;
  element('username').textContent = view.username ?? 'not named by the provider';
  element('title').textContent = view.title || 'none';
  element('scopes').textContent = view.scopes.join(', ');
  element('credential').textContent = view.id;
  element('command').textContent = workerCommand(user);
  element('copy').onclick = async () => {
    await navigator.clipboard.writeText(workerCommand(user));
    element('copy').textContent = 'Copied';
  };
  element('disconnect').onclick = async () => {
    stopWatching();
    const reply = await callAs(user, 'DELETE', `/v1/me/credentials/${encodeURIComponent(view.id)}`);
    say(
      reply.status < 300
        ? 'Disconnected: the grant was revoked at the provider, and the credential deleted.'
        : describeProblem(reply),
    );
    showStart();
  };
  watchToken(user, view.id);
};

const start = async (user) => {
  const returnUrl = location.origin + location.pathname;
  const reply = await callAs(user, 'POST', '/v1/me/connections', { provider: 'demo', returnUrl });
  if (reply.status !== 201) {
    say(`Connecting did not start: ${describeProblem(reply)}`, 'bad');
    return;
  }
  sessionStorage.setItem('connecting', JSON.stringify({ user, state: reply.json.state }));
  location.assign(reply.json.authorizationUrl);
};

const complete = async ({ user, state }, receipt) => {
  const reply = await callAs(user, 'POST', '/v1/me/connections/complete', { state, receipt });
  if (reply.status === 200 || reply.status === 201) {
    say('');
    showAccount(user, reply.json);
    return;
  }
  say(reply.json.code === 'state_invalid' ? NOT_OPEN : `Not connected: ${describeProblem(reply)}`, 'bad');
  await showExisting(user);
};

// After a reload: the account that is connected already, else the start.
const showExisting = async (user) => {
  const { json } = await callAs(user, 'GET', '/v1/me/credentials?provider=demo');
  const view = json.credentials?.find(({ status, source }) => status === 'active' && source === 'user');
  if (view) showAccount(user, view);
  else showStart();
};

const comeBack = async (query) => {
  const started = JSON.parse(sessionStorage.getItem('connecting') ?? 'null');
  sessionStorage.removeItem('connecting');
  history.replaceState(null, '', location.pathname);
  if (started?.state !== query.get('state')) {
    say(NOT_OPEN, 'bad');
    await showExisting(element('name').value);
  } else if (query.get('error') === 'access_denied') {
    say('Not connected: you pressed Deny at the provider. Nothing was stored.');
    showStart();
  } else if (query.has('error')) {
    say(`Not connected: the provider answered ${query.get('error')}.`, 'bad');
    showStart();
  } else await complete(started, query.get('receipt'));
};

const open = async () => {
  element('name').value = sessionStorage.getItem('name') ?? 'alice';
  element('start').addEventListener('submit', (event) => {
    event.preventDefault();
    say('');
    sessionStorage.setItem('name', element('name').value);
    start(element('name').value);
  });
  element('page').addEventListener('click', () => {
    const user = element('name').value || 'alice';
    sessionStorage.setItem('name', user);
    location.assign(`/_local/connect?user=${encodeURIComponent(user)}`);
  });
  const query = new URLSearchParams(location.search);
  if (query.has('receipt') || query.has('error')) await comeBack(query);
  else await showExisting(element('name').value);
};
open().catch(() => say('The local server does not answer. Is it still running?', 'bad'));
