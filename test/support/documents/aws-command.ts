// Checks a documented `aws` command without AWS: its operation and parameters must be those of the service's client. A parameter of the
// command line is the field of the request in kebab case: `--secret-id` is `SecretId`.
import { existsSync, readFileSync } from 'node:fs';

/** Parameters of every command of the AWS command line. */
const GLOBAL = new Set(['query', 'output', 'profile', 'region']);

/** Services whose client is no dependency; from the reference of the AWS command line. */
const WITHOUT_CLIENT = new Map([
  ['iam attach-role-policy', ['RoleName', 'PolicyArn']],
  ['cloudformation update-termination-protection', ['EnableTerminationProtection', 'StackName']],
]);

const CLIENTS = new Map([
  ['dynamodb', 'client-dynamodb'],
  ['events', 'client-eventbridge'],
  ['kms', 'client-kms'],
  ['secretsmanager', 'client-secrets-manager'],
]);

const pascal = (name: string): string =>
  name
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');

/** The fields of an operation's request; undefined where there is no such operation. */
const readFields = (service: string, operation: string): string[] | undefined => {
  const known = WITHOUT_CLIENT.get(`${service} ${operation}`);
  if (known) return known;
  const path = `node_modules/@aws-sdk/${CLIENTS.get(service)}/dist-types/models/models_0.d.ts`;
  if (!existsSync(path)) return undefined;
  const request = new RegExp(`^export interface ${pascal(operation)}(?:Request|Input) \\{\\n(.*?)^\\}`, 'ms');
  const [, text] = request.exec(readFileSync(path, 'utf8')) ?? [];
  return text === undefined ? undefined : [...text.matchAll(/^ {4}(\w+)\??:/gm)].map(([, name = '']) => name);
};

/** What is wrong with `aws <service> <operation> --…`; empty: nothing. */
export const checkAwsCommand = ([service = '', operation = '', ...args]: readonly string[]): string[] => {
  const fields = readFields(service, operation);
  if (fields === undefined) return [`unknown operation: aws ${service} ${operation}`];
  const names = args.filter((word) => word.startsWith('--')).map((word) => word.slice(2));
  return names
    .filter((name) => !GLOBAL.has(name))
    .filter((name) => !fields.includes(pascal(name)) && !fields.includes(pascal(name.replace(/^no-/, ''))))
    .map((name) => `unknown parameter: aws ${service} ${operation} --${name}`);
};
