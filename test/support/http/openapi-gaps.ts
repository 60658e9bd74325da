// Finds what an OpenAPI document leaves undocumented: operations, parameters, requests, answers, schemas and properties.

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;
const entries = (value: unknown): [string, Json][] =>
  isObject(value) ? (Object.entries(value) as [string, Json][]) : [];
const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';

/** A schema is described by itself or by the schema it refers to. */
const isDescribed = (schema: Json): boolean => isText(schema.description) || isText(schema.$ref);

const schemaGaps = (schema: unknown, place: string): string[] => {
  if (!isObject(schema)) return [];
  const properties = entries(schema.properties);
  const parts = ['items', 'additionalProperties', 'anyOf', 'oneOf', 'allOf'].flatMap((name) =>
    [schema[name]].flat().flatMap((part) => schemaGaps(part, place)),
  );
  return [
    ...properties.filter(([, property]) => !isDescribed(property)).map(([name]) => `${place}.${name}: no description`),
    ...properties.flatMap(([name, property]) => schemaGaps(property, `${place}.${name}`)),
    ...parts,
  ];
};

const contentGaps = (content: unknown, place: string): string[] =>
  entries(content).flatMap(([type, media]) => [
    ...(isObject(media.schema) && isText(media.schema.$ref) ? [] : [`${place} ${type}: an unnamed schema`]),
    ...(entries(media.examples).length > 0 ? [] : [`${place} ${type}: no example`]),
  ]);

const operationGaps = (operation: Json, place: string): string[] => {
  const parameters = (operation.parameters ?? []) as Json[];
  return [
    ...['operationId', 'summary', 'description']
      .filter((name) => !isText(operation[name]))
      .map((n) => `${place}: no ${n}`),
    ...(((operation.tags ?? []) as unknown[]).length === 1 ? [] : [`${place}: not one tag`]),
    ...parameters.filter((one) => !isText(one.description)).map((one) => `${place} ${one.name}: no description`),
    ...parameters.filter((one) => one.example === undefined).map((one) => `${place} ${one.name}: no example`),
    ...contentGaps((operation.requestBody as Json | undefined)?.content, `${place} request`),
    ...entries(operation.responses).flatMap(([status, response]) => [
      ...(isText(response.description) ? [] : [`${place} ${status}: no description`]),
      ...contentGaps(response.content, `${place} ${status}`),
    ]),
  ];
};

/** Every gap, with its place; empty for a document that describes all it contains. */
export const openApiGaps = (document: { paths?: unknown; components?: unknown }): string[] => {
  const { schemas, headers, securitySchemes } = document.components as Json;
  const described = { ...(schemas as Json), ...(headers as Json), ...(securitySchemes as Json) };
  return [
    ...entries(document.paths).flatMap(([path, operations]) =>
      entries(operations).flatMap(([method, operation]) => operationGaps(operation, `${method} ${path}`)),
    ),
    ...entries(described)
      .filter(([, one]) => !isText(one.description))
      .map(([name]) => `${name}: no description`),
    ...entries(schemas).flatMap(([name, schema]) => schemaGaps(schema, name)),
  ];
};
