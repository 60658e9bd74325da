#!/usr/bin/env node
// Starts the command: from its source in this repository, from what was built in the package.
import { existsSync } from 'node:fs';

const source = new URL('./main.ts', import.meta.url);
await import(existsSync(source) ? source.href : new URL('../dist/cli/main.js', import.meta.url).href);
