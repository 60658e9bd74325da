// The generated files of the client, as texts: the types of the API and the table of its routes.
import { spawnSync } from 'node:child_process';
import { type ApiDocument, emitRoutes } from './emit-routes.ts';
import { emitDeclaration } from './emit-type.ts';

const HEAD = '// Generated from openapi.json by `npm run openapi`: what requests and answers hold.\n';

const format = (path: string, text: string): string => {
  const args = ['node_modules/@biomejs/biome/bin/biome', 'check', '--write', `--stdin-file-path=${path}`];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { input: text, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the generated ${path} could not be formatted: ${stderr}`);
  return stdout;
};

/** Path and formatted text of each generated file. */
export const clientFiles = (document: ApiDocument): [path: string, text: string][] => {
  const { schemas } = document.components;
  const declarations = Object.entries(schemas).map(([name, schema]) => emitDeclaration(name, schema));
  const texts: [string, string][] = [
    ['client/generated/api-types.ts', [HEAD, ...declarations].join('\n')],
    ['client/generated/routes.ts', emitRoutes(document)],
  ];
  return texts.map(([path, text]) => [path, format(path, text)]);
};
