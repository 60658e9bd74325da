// The TypeScript type of a JSON Schema (2020-12, as in OpenAPI 3.1). It covers what the document of this service uses; a type it
// does not know throws. A schema without any type is `unknown`.

/** A JSON Schema; only the keywords that say something about a type. */
export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  propertyNames?: JsonSchema;
  description?: string;
  discriminator?: unknown;
}

const SIMPLE: Record<string, string> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
};

const literal = (value: unknown): string =>
  typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : JSON.stringify(value);

const union = (types: readonly string[]): string => [...new Set(types)].join(' | ');

const inParentheses = (type: string): string => (/[|&]/.test(type) ? `(${type})` : type);

const refName = (ref: string): string => ref.slice(ref.lastIndexOf('/') + 1);

const MAX_COLUMNS = 116;

/** Lines of at most `columns` characters, broken at spaces; lines of the text stay apart. */
const wrap = (text: string, columns: number): string[] =>
  text.split('\n').flatMap((line) => line.match(new RegExp(`\\S.{0,${columns - 1}}(?= |$)|\\S+`, 'g')) ?? []);

/** A docstring of as many lines as the text needs; empty without a text. */
export const docComment = (text: string | undefined, indent = ''): string => {
  if (!text) return '';
  const lines = wrap(text.replaceAll('*/', '*\\/').trim(), MAX_COLUMNS - indent.length);
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`;
};

const propertyLine = (schema: JsonSchema, [name, value]: [string, JsonSchema], indent: string): string => {
  const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name);
  const mark = schema.required?.includes(name) ? '' : '?';
  const orUndefined = mark ? ' | undefined' : '';
  return `${docComment(value.description, indent)}${indent}${key}${mark}: ${emitType(value, indent)}${orUndefined};\n`;
};

const emitObject = (schema: JsonSchema, indent: string): string => {
  const { properties, additionalProperties, propertyNames } = schema;
  if (properties && Object.keys(properties).length === 0) return 'Record<string, never>';
  if (properties) {
    const lines = Object.entries(properties).map((entry) => propertyLine(schema, entry, `${indent}  `));
    return `{\n${lines.join('')}${indent}}`;
  }
  if (typeof additionalProperties === 'object' && Object.keys(additionalProperties).length > 0) {
    return `Record<string, ${emitType(additionalProperties, indent)}>`;
  }
  if (additionalProperties !== undefined || propertyNames) return 'Record<string, unknown>';
  return 'object';
};

const emitNamed = (type: string, schema: JsonSchema, indent: string): string => {
  if (type === 'object') return emitObject(schema, indent);
  if (type === 'array') return `${inParentheses(emitType(schema.items ?? {}, indent))}[]`;
  const simple = SIMPLE[type];
  if (simple === undefined) throw new Error(`no TypeScript type for the JSON Schema type ${type}`);
  return simple;
};

/** The type as TypeScript text; nested lines begin with `indent`. Throws for a type it does not know. */
export const emitType = (schema: JsonSchema, indent = ''): string => {
  if (schema.$ref !== undefined) return refName(schema.$ref);
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum) return union(schema.enum.map(literal));
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return union(alternatives.map((part) => emitType(part, indent)));
  if (schema.allOf) return schema.allOf.map((part) => inParentheses(emitType(part, indent))).join(' & ');
  if (schema.type === undefined) return 'unknown';
  return union([schema.type].flat().map((type) => emitNamed(type, schema, indent)));
};

const isInterface = ({ type, properties = {}, anyOf, oneOf, allOf }: JsonSchema): boolean =>
  type === 'object' && Object.keys(properties).length > 0 && !anyOf && !oneOf && !allOf;

/** An exported declaration with its docstring: an interface for an object, else a type. */
export const emitDeclaration = (name: string, schema: JsonSchema): string => {
  const text = docComment(schema.description ?? name);
  return isInterface(schema)
    ? `${text}export interface ${name} ${emitType(schema)}\n`
    : `${text}export type ${name} = ${emitType(schema)};\n`;
};
