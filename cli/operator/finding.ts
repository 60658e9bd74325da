// What a check of an operator's secret found. A finding names the entry and what is wrong, never a value.

/** One entry of a secret. */
export interface Finding {
  /** The entry, or a field of it: `github.tokenEndpoint`. */
  entry: string;
  /** `wrong`: the service leaves it out. `ignored`: the service does not read it. `unset`: it counts as not set. */
  state: 'ok' | 'unset' | 'ignored' | 'wrong';
  /** What is wrong, or what the entry does. */
  detail: string;
}

/** A secret as read: its entries, or what is wrong with the whole text. */
export type ParsedSecret =
  | { kind: 'document'; document: Record<string, unknown> }
  | { kind: 'wrong'; finding: Finding };

const wholeText = (detail: string): ParsedSecret => ({
  kind: 'wrong',
  finding: { entry: '(the whole text)', state: 'wrong', detail },
});

/** Parses the text of a secret. */
export const parseSecret = (text: string): ParsedSecret => {
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document !== 'object' || document === null || Array.isArray(document)) {
      return wholeText('must be one JSON object');
    }
    return { kind: 'document', document: document as Record<string, unknown> };
  } catch (error) {
    return wholeText(describeSyntax(text, error));
  }
};

/** Where the text stops being JSON; the parser's own message would quote it. */
const describeSyntax = (text: string, error: unknown): string => {
  if (text.trim() === '') return 'is empty: it must be one JSON object';
  const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  const before = position === undefined ? text : text.slice(0, Number(position));
  return `is not JSON, from line ${before.split('\n').length} on: look for a missing comma or quotation mark`;
};
