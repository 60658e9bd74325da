// Writes the generated files of the client from openapi.json.
import { readFileSync, writeFileSync } from 'node:fs';
import { clientFiles } from './client/client-files.ts';

for (const [path, text] of clientFiles(JSON.parse(readFileSync('openapi.json', 'utf8')))) writeFileSync(path, text);
