// The methods of the client, one for each operation of the OpenAPI document: a table that the client reads when it runs, and an
// interface for each caller with the types of the same methods.
import { docComment, emitType, type JsonSchema } from './emit-type.ts';

interface Parameter {
  in: string;
  name: string;
  required?: boolean;
  schema: JsonSchema;
  description?: string;
}

interface Operation {
  operationId: string;
  summary?: string;
  description?: string;
  security?: Record<string, unknown>[];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: JsonSchema }> } | undefined;
  responses: Record<string, { content?: Record<string, { schema: JsonSchema }> }>;
}

/** The parts of the OpenAPI document that the client is made from. */
export interface ApiDocument {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JsonSchema> };
}

/** Who calls: the table and interface that an operation belongs to. */
type Caller = 'worker' | 'user';

interface Method {
  caller: Caller;
  /** The name of the method: the operation's id without the owner. */
  name: string;
  httpMethod: string;
  path: string;
  operation: Operation;
}

const JSON_TYPE = 'application/json';

/** The service's own browser endpoints are no calls of a client; those of a connect link are answered to its built-in page only. */
const isForBrowsers = (path: string): boolean =>
  path.startsWith('/v1/oauth/callback') || path.startsWith('/v1/link') || path === '/connect';

const findCallers = (path: string, operation: Operation): Caller[] => {
  if (isForBrowsers(path)) return [];
  const schemes = (operation.security ?? []).flatMap(Object.keys);
  if (schemes.includes('sigv4')) return ['worker'];
  if (schemes.includes('jwt')) return ['user'];
  return path === '/v1/health' ? ['worker', 'user'] : [];
};

const OWNERS: Record<Caller, RegExp | null> = {
  worker: null,
  user: /^([a-z]+)My(?=[A-Z])/,
};

const methodName = (caller: Caller, operationId: string): string =>
  OWNERS[caller] ? operationId.replace(OWNERS[caller], '$1') : operationId;

const listMethods = (paths: ApiDocument['paths']): Method[] =>
  Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([httpMethod, operation]) =>
      findCallers(path, operation).map((caller) => ({
        caller,
        name: methodName(caller, operation.operationId),
        httpMethod: httpMethod.toUpperCase(),
        path,
        operation,
      })),
    ),
  );

const inPath = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

const answerType = ({ responses }: Operation): string => {
  const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  const types = successes.map(([, { content }]) => content?.[JSON_TYPE]?.schema);
  return [...new Set(types.map((schema) => (schema ? emitType(schema) : 'void')))].join(' | ');
};

const parametersIn = ({ parameters = [] }: Operation, place: string): Parameter[] =>
  parameters.filter((parameter) => parameter.in === place);

const ifMatchOption = (operation: Operation): { text: string; required: boolean } | null => {
  const header = parametersIn(operation, 'header').find(({ name }) => name.toLowerCase() === 'if-match');
  if (!header) return null;
  return { text: `ifMatch${header.required ? '' : '?'}: number`, required: header.required === true };
};

/** The type of the last argument: query parameters, the expected version, and what every call takes. */
const optionsArgument = (operation: Operation): string => {
  const query = parametersIn(operation, 'query').map(
    ({ name, required, schema }) => `${name}${required ? '' : '?'}: ${emitType(schema)}`,
  );
  const ifMatch = ifMatchOption(operation);
  const fields = [...query, ...(ifMatch ? [ifMatch.text] : [])];
  const isRequired = ifMatch?.required || parametersIn(operation, 'query').some(({ required }) => required);
  const type = fields.length === 0 ? 'CallOptions' : `CallOptions & { ${fields.join('; ')} }`;
  return `options${isRequired ? '' : '?'}: ${type}`;
};

const bodySchema = ({ requestBody }: Operation): JsonSchema | undefined => requestBody?.content[JSON_TYPE]?.schema;

/** The same operations, with no body where only an empty one may be sent. */
const withoutEmptyBodies = ({ paths, components }: ApiDocument): ApiDocument['paths'] => {
  const isEmpty = ({ $ref, properties }: JsonSchema): boolean => {
    const schema = $ref === undefined ? undefined : components.schemas[$ref.slice($ref.lastIndexOf('/') + 1)];
    return schema ? isEmpty(schema) : properties !== undefined && Object.keys(properties).length === 0;
  };
  const strip = ({ requestBody, ...operation }: Operation): Operation => {
    const schema = bodySchema({ requestBody, ...operation });
    return schema === undefined || isEmpty(schema) ? operation : { ...operation, requestBody };
  };
  const stripAll = (operations: Record<string, Operation>) =>
    Object.fromEntries(Object.entries(operations).map(([method, operation]) => [method, strip(operation)]));
  return Object.fromEntries(Object.entries(paths).map(([path, operations]) => [path, stripAll(operations)]));
};

const methodLine = ({ name, httpMethod, path, operation }: Method): string => {
  const body = bodySchema(operation);
  const args = [
    ...inPath(path).map((parameter) => `${parameter}: string`),
    ...(body ? [`body: ${emitType(body, '  ')}`] : []),
    optionsArgument(operation),
  ];
  const doc = `${operation.summary ?? name}: \`${httpMethod} ${path}\`.\n${operation.description ?? ''}`;
  return `${docComment(doc, '  ')}  ${name}(${args.join(', ')}): Promise<${answerType(operation)}>;\n`;
};

const tableLine = ({ name, httpMethod, path, operation }: Method): string =>
  `  ${name}: { method: '${httpMethod}', path: '${path}'${bodySchema(operation) ? ', hasBody: true' : ''} },\n`;

const CALLERS: readonly [Caller, string, string][] = [
  ['worker', 'WorkerRoutes', 'The routes of a trusted worker.'],
  ['user', 'UserRoutes', 'The routes of an end user.'],
];

/** Names of schemas that a text of types uses. */
const usedSchemas = (text: string, document: ApiDocument): string[] =>
  Object.keys(document.components.schemas)
    .filter((name) => new RegExp(`\\b${name}\\b`).test(text))
    .toSorted();

/** The text of `client/generated/routes.ts`: the tables and the interfaces of all callers. */
export const emitRoutes = (document: ApiDocument): string => {
  const methods = listMethods(withoutEmptyBodies(document));
  const parts = CALLERS.flatMap(([caller, name, text]) => {
    const own = methods.filter((method) => method.caller === caller);
    const table = `/** ${text} */\nexport const ${caller}Routes = {\n${own.map(tableLine).join('')}} as const satisfies RouteTable;\n`;
    if (own.length === 0) return [`/** ${text} */\nexport type ${name} = Record<never, never>;\n`, table];
    return [`/** ${text} */\nexport interface ${name} {\n${own.map(methodLine).join('')}}\n`, table];
  });
  const types = parts.filter((part) => part.includes('export interface')).join('\n');
  const imports = [
    "import type { CallOptions, RouteTable } from '../transport/call.ts';",
    `import type { ${usedSchemas(types, document).join(', ')} } from './api-types.ts';`,
  ];
  return `// Generated from openapi.json by \`npm run openapi\`: the methods of the clients, one for each route.\n${imports.join('\n')}\n\n${parts.join('\n')}`;
};
