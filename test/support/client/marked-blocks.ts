// The blocks of one language in a document.
import { readFileSync } from 'node:fs';

/** The text of each fenced block of a document marked with this word, in order. */
export const readBlocks = (document: string, language: string): string[] =>
  [...readFileSync(document, 'utf8').matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(
    ([, block = '']) => block,
  );
