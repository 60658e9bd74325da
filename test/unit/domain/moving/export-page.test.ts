// The pages of an export: their order, their cursor and their size.
import { describe, expect, it } from 'vitest';
import { MAX_PAGE_BYTES } from '../../../../lib/domain/credential/list-page.ts';
import {
  compareExport,
  countFitting,
  type ExportPosition,
  readExportCursor,
  writeExportCursor,
} from '../../../../lib/domain/moving/export-page.ts';

const at = (createdAt: number | null, ordinal: number, id: string): ExportPosition => ({
  ...{ kind: 'credential', createdAt, ordinal, id },
});

/** In the order of an export. */
const POSITIONS: ExportPosition[] = [
  at(-5, 0, 'z'),
  at(1, 0, 'b'),
  at(1, 1, 'a'),
  at(1, 1, 'b'),
  at(2, 0, 'a'),
  at(null, 0, 'a'),
  at(null, 0, 'b'),
  { kind: 'managed', provider: 'ayrshare' },
  { kind: 'managed', provider: 'zernio' },
];

describe('the order of an export', () => {
  it('is that of creation, then managed keys by provider', () => {
    expect(POSITIONS.toReversed().toSorted(compareExport)).toEqual(POSITIONS);
    for (const position of POSITIONS) expect(compareExport(position, structuredClone(position))).toBe(0);
  });
});

describe('the cursor of an export', () => {
  it.each(POSITIONS)('names the position $kind $id $provider', (position) => {
    expect(readExportCursor(writeExportCursor(position))).toEqual(position);
  });

  it.each(['', 'x', 'bnVsbA', Buffer.from('["managed",1]').toString('base64url'), 'WyJ1c2VyIiwxLDAsImEiXQ'])(
    'is no other text: %j',
    (text) => {
      expect(readExportCursor(text)).toBeNull();
    },
  );
});

describe('the size of a page', () => {
  it('is bounded as text inside an answer of Lambda', () => {
    // As JSON in JSON, each quotation mark takes four bytes.
    const item = '"'.repeat(MAX_PAGE_BYTES / 16);
    expect(countFitting(Array(10).fill(item))).toBe(3);
    expect(countFitting(Array(10).fill('small'))).toBe(10);
  });

  it('is one entry at least', () => {
    expect(countFitting(['x'.repeat(MAX_PAGE_BYTES)])).toBe(1);
    expect(countFitting([])).toBe(0);
  });
});
