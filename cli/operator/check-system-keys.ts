// Checks the operator's own keys as the service reads them.
import { systemCredentials } from '../../lib/domain/credential/system-credentials.ts';
import { SendablePassword, SendableSecret, SendableUserName } from '../../lib/domain/values/sendable-text.ts';
import { type Finding, parseSecret } from './finding.ts';

const schemaFor = (name: string) => {
  if (name.endsWith('_username')) return SendableUserName;
  return name.endsWith('_password') ? SendablePassword : SendableSecret;
};

const known = new Map(
  systemCredentials.flatMap(({ settings, displayName }) => settings.map((name) => [name, displayName])),
);

const checkEntry = ([entry, value]: [string, unknown]): Finding => {
  const provider = known.get(entry);
  if (provider === undefined) return { entry, state: 'ignored', detail: 'is no name the service reads' };
  if (value === '' || value === null) return { entry, state: 'unset', detail: `${provider} is not offered` };
  if (typeof value !== 'string') return { entry, state: 'wrong', detail: 'must be text' };
  const parsed = schemaFor(entry).safeParse(value);
  if (parsed.success) return { entry, state: 'ok', detail: `${provider} is offered to every user` };
  return { entry, state: 'wrong', detail: parsed.error.issues[0]?.message ?? 'cannot be sent' };
};

/** A credential that needs several names is offered only when all are set. */
const findIncomplete = (document: Record<string, unknown>): Finding[] =>
  systemCredentials
    .filter(({ settings }) => settings.length > 1)
    .flatMap(({ settings, displayName }) => {
      const missing = settings.filter((name) => typeof document[name] !== 'string' || document[name] === '');
      if (missing.length === 0 || missing.length === settings.length) return [];
      return missing.map((entry) => ({ entry, state: 'wrong' as const, detail: `${displayName} needs it too` }));
    });

/** What is right and wrong with the text of the secret `system-keys`. */
export const checkSystemKeys = (text: string): Finding[] => {
  const parsed = parseSecret(text);
  if (parsed.kind === 'wrong') return [parsed.finding];
  const { document } = parsed;
  const incomplete = findIncomplete(document);
  const names = new Set(incomplete.map(({ entry }) => entry));
  return [
    ...Object.entries(document)
      .map(checkEntry)
      .filter(({ entry }) => !names.has(entry)),
    ...incomplete,
  ];
};
