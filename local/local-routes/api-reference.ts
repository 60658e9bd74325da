// The API reference: openapi.json as one page of HTML. It needs no script and loads nothing, so it works offline and under
// the same policy as the other pages.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { escapeHtml } from '../../web/page/escape-html.ts';
import { pageReply, renderInline } from '../http/page.ts';
import type { Reply } from '../http/reply.ts';
import type { MediaTypes, OpenApi, Operation, Parameter } from './openapi-document.ts';
import { renderSchema } from './render-schema.ts';

const DOCUMENT = resolve(import.meta.dirname, '../../openapi.json');
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const paragraph = (text: string | undefined): string => (text ? `<p>${renderInline(text)}</p>` : '');

const renderContent = (content: MediaTypes | undefined): string =>
  Object.entries(content ?? {})
    .map(([type, { schema, example }]) => {
      const shown =
        example === undefined
          ? ''
          : `<p class="soft">Example</p><pre>${escapeHtml(JSON.stringify(example, null, 2))}</pre>`;
      return `<p class="soft">${escapeHtml(type)}</p>${schema ? renderSchema(schema) : ''}${shown}`;
    })
    .join('');

const renderParameters = (parameters: readonly Parameter[] = []): string => {
  if (parameters.length === 0) return '';
  const rows = parameters.map(
    ({ name, in: place, required, description, schema }) =>
      `<tr><th><code>${escapeHtml(name)}</code><br>${escapeHtml(place)}${required ? '' : ', optional'}</th>` +
      `<td>${renderSchema({ ...schema, description: description ?? schema?.description })}</td></tr>`,
  );
  return `<h3>Parameters</h3><table>${rows.join('')}</table>`;
};

const renderResponses = (operation: Operation): string =>
  Object.entries(operation.responses)
    .map(
      ([status, { description, headers, content }]) =>
        `<h3><code>${escapeHtml(status)}</code> ${renderInline(description ?? '')}</h3>` +
        (headers ? `<p class="soft">Headers: ${escapeHtml(Object.keys(headers).join(', '))}</p>` : '') +
        renderContent(content),
    )
    .join('');

const renderOperation = (method: string, path: string, operation: Operation): string =>
  `<details id="${escapeHtml(operation.operationId ?? `${method} ${path}`)}">` +
  `<summary><code>${method.toUpperCase()} ${escapeHtml(path)}</code><br><span class="soft">${escapeHtml(operation.summary ?? '')}</span></summary>` +
  paragraph(operation.description) +
  renderParameters(operation.parameters) +
  (operation.requestBody ? `<h3>Request body</h3>${renderContent(operation.requestBody.content)}` : '') +
  renderResponses(operation) +
  '</details>';

const renderTag = ({ name, description }: { name: string; description?: string }, { paths }: OpenApi): string => {
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation?.tags?.includes(name) ? [renderOperation(method, path, operation)] : [];
    }),
  );
  return `<h2>${escapeHtml(name)}</h2>${paragraph(description)}${operations.join('')}`;
};

const renderSchemas = ({ components }: OpenApi): string =>
  Object.entries(components?.schemas ?? {})
    .map(
      ([name, schema]) =>
        `<details id="schema-${escapeHtml(name)}"><summary><code>${escapeHtml(name)}</code></summary>${renderSchema(schema)}</details>`,
    )
    .join('');

/** One page for a whole document: operations by tag, then the named schemas. */
export const renderDocument = (document: OpenApi): string =>
  `<main><p><a href="/">Keyhold</a></p><h1>API reference</h1>${paragraph(document.info.description)}` +
  `<p class="soft">Version ${escapeHtml(document.info.version)}, made from <a href="/_local/openapi.json">openapi.json</a>.</p>` +
  (document.tags ?? []).map((tag) => renderTag(tag, document)).join('') +
  `<h2>Schemas</h2>${renderSchemas(document)}</main>`;

/** GET /_local/api. The document is read on each request, so that a rebuilt one shows at once. */
export const renderApiReference = async (): Promise<Reply> =>
  pageReply({ title: 'Keyhold, API reference', body: renderDocument(JSON.parse(await readFile(DOCUMENT, 'utf8'))) });

/** GET /_local/openapi.json. */
export const serveOpenApi = async (): Promise<Reply> => ({
  status: 200,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: await readFile(DOCUMENT),
});
