// A JSON schema as HTML: its type and bounds in one line, its properties as a table, a reference as a link.

import { escapeHtml } from '../../web/page/escape-html.ts';
import { renderInline } from '../http/page.ts';
import type { Schema } from './openapi-document.ts';

const REFERENCE = '#/components/schemas/';

const code = (text: string): string => `<code>${escapeHtml(text)}</code>`;

const bounds = (schema: Schema): string[] => {
  const { minimum, maximum, minLength, maxLength, maxItems } = schema;
  return [
    minimum === undefined ? '' : `at least ${minimum}`,
    maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? '' : `at most ${maximum}`,
    minLength === undefined ? '' : `${minLength} characters or more`,
    maxLength === undefined ? '' : `${maxLength} characters or fewer`,
    maxItems === undefined ? '' : `${maxItems} items or fewer`,
    schema.default === undefined ? '' : `default ${code(JSON.stringify(schema.default))}`,
  ].filter(Boolean);
};

const typeName = (schema: Schema): string => {
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.enum) return schema.enum.map((value) => code(JSON.stringify(value))).join(' or ');
  if (schema.properties) return 'object';
  const names = [schema.type ?? (schema.additionalProperties ? 'object' : 'any')].flat();
  return names.map((name) => escapeHtml(schema.format ? `${name} (${schema.format})` : name)).join(' or ');
};

const renderProperties = ({ properties = {}, required = [] }: Schema): string => {
  const rows = Object.entries(properties).map(
    ([name, property]) =>
      `<tr><th>${code(name)}${required.includes(name) ? '' : '<br>optional'}</th><td>${renderSchema(property)}</td></tr>`,
  );
  return rows.length === 0 ? '' : `<table>${rows.join('')}</table>`;
};

const renderChoices = (schemas: readonly Schema[], word: string): string =>
  `<p class="soft">${word}</p><ul>${schemas.map((schema) => `<li>${renderSchema(schema)}</li>`).join('')}</ul>`;

const renderShape = (schema: Schema): string => {
  if (schema.$ref?.startsWith(REFERENCE)) {
    const name = escapeHtml(schema.$ref.slice(REFERENCE.length));
    return `<a href="#schema-${name}">${name}</a>`;
  }
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return renderChoices(choices, 'One of');
  if (schema.allOf) return renderChoices(schema.allOf, 'All of');
  if (schema.items) return `list of ${renderSchema(schema.items)}`;
  const line = [typeName(schema), ...bounds(schema)].join(', ');
  return line + renderProperties(schema);
};

/** HTML of a schema and of what it holds; other named schemas are links, so that it ends. */
export const renderSchema = (schema: Schema): string =>
  renderShape(schema) + (schema.description ? `<p>${renderInline(schema.description)}</p>` : '');
