// As much of an OpenAPI 3.1 document as the API reference shows.
// https://spec.openapis.org/oas/v3.1.1.html

/** A JSON Schema, with the keywords that are shown. */
export interface Schema {
  $ref?: string;
  type?: string | readonly string[];
  format?: string;
  description?: string | undefined;
  title?: string;
  const?: unknown;
  enum?: readonly unknown[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  oneOf?: readonly Schema[];
  anyOf?: readonly Schema[];
  allOf?: readonly Schema[];
}

/** A parameter of a path, query or header. */
export interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema?: Schema;
}

/** Schemas and examples by content type. */
export type MediaTypes = Readonly<Record<string, { schema?: Schema; example?: unknown }>>;

/** One operation of a path. */
export interface Operation {
  operationId?: string;
  summary?: string;
  description?: string;
  tags?: readonly string[];
  parameters?: readonly Parameter[];
  requestBody?: { content: MediaTypes };
  responses: Readonly<Record<string, { description?: string; headers?: object; content?: MediaTypes }>>;
}

/** The document. */
export interface OpenApi {
  info: { version: string; description?: string };
  tags?: readonly { name: string; description?: string }[];
  paths: Readonly<Record<string, Readonly<Partial<Record<string, Operation>>>>>;
  components?: { schemas?: Readonly<Record<string, Schema>> };
}
