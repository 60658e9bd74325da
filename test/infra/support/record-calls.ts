// Loaded into the local server (`node --import`): writes the right that each AWS call of a function uses to the file
// RECORDED_RIGHTS, one JSON line for each. The async context of a handler tells which function makes a call.
import { AsyncLocalStorage } from 'node:async_hooks';
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

type Fields = Record<string, unknown>;
interface Call {
  constructor: { name: string };
  input: Fields;
}

const running = new AsyncLocalStorage<string>();
const file = process.env.RECORDED_RIGHTS ?? '';
const seen = new Set<string>();

/** The partition that a key, an item or the values of a key condition name, such as `USER#*`. */
const findPartition = (...places: unknown[]): string => {
  const values = places.flatMap((place) => Object.entries((place ?? {}) as Fields));
  const [, pk] =
    values.find(([name, value]) => name === 'pk' || /^(?:USER|STATE|LINK|ISSUER)#|^CONFIG$/.test(String(value))) ?? [];
  return String(pk).replace(/#.*$/s, '#*');
};

const describeItem = (action: string, { Key, Item, IndexName, ExpressionAttributeValues }: Fields): string => {
  if (IndexName !== undefined) return `dynamodb:${action} on index ${IndexName}`;
  return `dynamodb:${action} on ${findPartition(Key ?? Item ?? ExpressionAttributeValues)}`;
};

const TRANSACTED: Record<string, string> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
};

const describeTransaction = ({ TransactItems }: Fields): string[] =>
  (TransactItems as Record<string, Fields>[]).flatMap((item) =>
    Object.entries(item).map(([kind, fields]) => describeItem(TRANSACTED[kind] ?? kind, fields)),
  );

/** The rights a call needs (Service Authorization Reference); an unknown command is a right that no policy grants. */
const listRights = ({ constructor: { name }, input }: Call): string[] => {
  if (/^Transact(?:Write|Get)/.test(name)) return describeTransaction(input);
  if (name === 'QueryCommand') return [describeItem('Query', input)];
  const [, item] = /^(Get|Put|Update|Delete)(?:Item)?Command$/.exec(name) ?? [];
  if (item) return [describeItem(`${item}Item`, input)];
  const { purpose } = (input.EncryptionContext ?? {}) as Fields;
  if (name === 'DecryptCommand' || name === 'GenerateDataKeyCommand')
    return [`kms:${name.replace('Command', '')} on ${purpose}`];
  if (name === 'GetSecretValueCommand') return [`secretsmanager:GetSecretValue on ${input.SecretId}`];
  if (name === 'PutEventsCommand') return ['events:PutEvents on bus'];
  return [`unknown command ${name}`];
};

const record = (name: string | undefined, rights: readonly string[]): void => {
  if (name === undefined) return;
  for (const right of rights) {
    const line = JSON.stringify([name, right]);
    if (seen.has(line)) continue;
    seen.add(line);
    appendFileSync(file, `${line}\n`);
  }
};

// Every SDK client inherits from one class.
const base = Object.getPrototypeOf(DynamoDBClient.prototype) as { send(command: Call, ...rest: unknown[]): unknown };
const { send } = base;
base.send = function (command, ...rest) {
  record(running.getStore(), listRights(command));
  return send.call(this, command, ...rest);
};

// The one call of AWS that is made without a client.
const fetchFromNetwork = globalThis.fetch;
globalThis.fetch = (target, ...rest) => {
  const [, invoked] = /\/2015-03-31\/functions\/keyhold-([a-z-]+)\/invocations$/.exec(String(target)) ?? [];
  if (invoked !== undefined) record(running.getStore(), [`lambda:InvokeFunction on ${invoked}`]);
  return fetchFromNetwork(target, ...rest);
};

Object.assign(globalThis, {
  recordFunction:
    (name: string, handler: (...event: unknown[]) => unknown) =>
    (...event: unknown[]) =>
      running.run(name, () => handler(...event)),
});

const wrapper = (url: string, name: string): string =>
  `import { handler as real } from ${JSON.stringify(url)};\nexport const handler = recordFunction('${name}', real);`;

registerHooks({
  resolve(specifier, context, next) {
    const isFunction = /\/functions\/[a-z-]+\.ts$/.test(specifier) && !context.parentURL?.includes('?recorded');
    const resolved = next(specifier, context);
    return isFunction ? { ...resolved, url: `${resolved.url}?recorded`, shortCircuit: true } : resolved;
  },
  load(url, context, next) {
    const [, path = '', name = ''] = /^(.*\/([a-z-]+)\.ts)\?recorded$/.exec(url) ?? [];
    if (path !== '') return { format: 'module', source: wrapper(path, name), shortCircuit: true };
    const loaded = next(url, context);
    if (!url.endsWith('/jwe-sealer.ts')) return loaded;
    // Every data key is due at once: renewing one is a call that otherwise comes after 90 days.
    return { ...loaded, source: String(loaded.source).replace(/const KEY_MAX_AGE = [^;]*/, 'const KEY_MAX_AGE = 0') };
  },
});
