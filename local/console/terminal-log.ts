// The log on a terminal: one short line for each request in place of JSON, so that the printed commands stay in sight. The
// functions write their log as JSON; it is changed here, on its way to the terminal. Piped output stays
// JSON.
import type { IncomingMessage } from 'node:http';
import type { Reply } from '../http/reply.ts';

/** Requests that a function has answered are logged by it, too: the terminal shows the server's own line in its place. */
const REQUEST_MESSAGES = new Set(['request', 'request failed']);
const HIDDEN_FIELDS = new Set([...['level', 'message', 'timestamp', 'service', 'xray_trace_id', 'requestId']]);
const MAX_PATH = 60;

const clockTime = (now: Date): string => now.toTimeString().slice(0, 8);

const findCode = ({ status, body, headers }: Reply): string | undefined => {
  if (status < 400 || headers['content-type'] !== 'application/problem+json') return undefined;
  try {
    const { code } = JSON.parse(body.toString('utf8'));
    return typeof code === 'string' ? code : undefined;
  } catch {
    return undefined;
  }
};

/** A path as sent may hold anything: printable characters of it only, and not too many. */
const printablePath = (url = ''): string => {
  const path = (url.split('?', 1)[0] ?? '').replace(/[^\x20-\x7e]/g, '?');
  return path.length > MAX_PATH ? `${path.slice(0, MAX_PATH)}…` : path;
};

/** Whether the demo page sends this request every few seconds: its lines would fill the terminal. */
export const isRepeatedByDemo = ({ url }: Pick<IncomingMessage, 'url'>, { status }: Reply): boolean =>
  url === '/_local/resolve' && status === 200;

/** Such as `12:03:04  POST /v1/me/credentials  409 credential_exists  12 ms`. */
export const requestLine = (
  request: Pick<IncomingMessage, 'method' | 'url'>,
  reply: Reply,
  time: RequestTime,
): string => {
  const route = reply.route ?? `${request.method} ${printablePath(request.url)}`;
  const outcome = [reply.status, findCode(reply)].filter(Boolean).join(' ');
  return `${clockTime(time.at)}  ${route}  ${outcome}  ${Math.round(time.milliseconds)} ms`;
};

/** When a request was answered, and how long that took. */
export interface RequestTime {
  at: Date;
  milliseconds: number;
}

const parseLog = (text: string): Record<string, unknown> | undefined => {
  if (!text.startsWith('{')) return undefined;
  try {
    const line = JSON.parse(text);
    return typeof line.level === 'string' && typeof line.message === 'string' ? line : undefined;
  } catch {
    return undefined;
  }
};

/** A written text as the terminal shows it: unchanged unless it is a log line of a function; empty where it is left out. */
export const terminalText = (text: string): string => {
  const line = parseLog(text);
  if (!line) return text;
  if (REQUEST_MESSAGES.has(String(line.message)) && line.fault === undefined) return '';
  const fields = Object.entries(line)
    .filter(([name]) => !HIDDEN_FIELDS.has(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const at = clockTime(new Date(String(line.timestamp)));
  return `${[at, ` ${line.level}`, `${line.service}:`, line.message, ...fields].join(' ')}\n`;
};

/** Changes what is written to the stream from now on. */
export const useTerminalLog = (stream: NodeJS.WriteStream): void => {
  const write = stream.write.bind(stream);
  stream.write = ((chunk: unknown, ...rest: never[]) =>
    write(typeof chunk === 'string' ? terminalText(chunk) : (chunk as Uint8Array), ...rest)) as typeof stream.write;
};
