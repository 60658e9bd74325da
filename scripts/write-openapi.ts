// Writes openapi.json from the route table.
import { writeFileSync } from 'node:fs';
import { openApiDocument } from '../lib/http/openapi/document.ts';

writeFileSync('openapi.json', `${JSON.stringify(openApiDocument(), null, 2)}\n`);
