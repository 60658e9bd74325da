// The lines and the journal of an import: every line once, wherever the file is cut, and a resume exactly where the journal says.
import { appendFileSync, mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDocument } from '../../../cli/import/import-line.ts';
import { type Position, resumePosition, startPosition, writeRecord } from '../../../cli/import/journal.ts';
import { type Line, readLines } from '../../../cli/import/read-lines.ts';
import { describeRun, nameFiles, type RunFiles, startFiles } from '../../../cli/import/run-files.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'keyhold-import-'));

const readAll = async (path: string, start = { offset: 0, lines: 0 }, maxBytes = 1_000_000): Promise<Line[]> => {
  const lines: Line[] = [];
  for await (const line of readLines(path, start, maxBytes)) lines.push(line);
  return lines;
};

describe('the lines of a file', () => {
  const texts = ['first', '', 'é☃🙂', 'x'.repeat(200_000), 'last'];

  it.each(['\n', ''])('are read whole, across chunks and characters, with %j at the end', async (end) => {
    const path = join(folder(), 'lines');
    writeFileSync(path, texts.join('\n') + end);
    const lines = await readAll(path);
    expect(lines.map(({ text }) => text)).toEqual(texts);
    expect(lines.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    expect(lines.at(-1)?.end).toBe(readFileSync(path).length);
  });

  it('go on from the end of any line', async () => {
    const path = join(folder(), 'lines');
    writeFileSync(path, texts.join('\n'));
    const lines = await readAll(path);
    for (const { end, number } of lines) {
      expect(await readAll(path, { offset: end, lines: number })).toEqual(lines.slice(number));
    }
  });

  it('are told without their text where they are too long', async () => {
    const path = join(folder(), 'lines');
    writeFileSync(path, `a\n${'b'.repeat(300_000)}\nc\n`);
    expect((await readAll(path, undefined, 100)).map(({ text }) => text)).toEqual(['a', null, 'c']);
  });

  it.each([
    ['{', 'is no JSON object'],
    ['[]', 'is no JSON object'],
    ['{"document":{}}', 'has no userId'],
    ['{"userId":"a","document":[]}', 'has no document'],
    ['{"userId":"a","document":{},"format":"csv"}', 'has another format than autogpt or keyhold'],
    ['  ', null],
    ['{"userId":"a","document":{}}', { userId: 'a', format: 'keyhold', document: {} }],
  ])('%s is judged', (text, judged) => {
    expect(readDocument({ number: 1, text, end: 0 }, 'keyhold')).toEqual(judged);
  });
});

const MODE = { url: 'http://a', format: 'keyhold', verify: false };

describe('the journal', () => {
  const makeFiles = (): { files: RunFiles; run: string } => {
    const base = join(folder(), 'users.jsonl');
    writeFileSync(base, 'x\n');
    const files = nameFiles(base, undefined);
    return { files, run: describeRun(files, MODE) };
  };
  const at = (lines: number): Position => ({ ...startPosition(), lines, offset: lines * 10, reportBytes: lines });

  it('resumes after the last record, and cuts the report to it', () => {
    const { files, run } = makeFiles();
    startFiles(files, run);
    for (let line = 1; line <= 2_000; line++) writeRecord(files.journal, at(line));
    writeFileSync(files.report, 'r'.repeat(2_500));
    expect(resumePosition(files, run)).toEqual(at(2_000));
    expect(readFileSync(files.report)).toHaveLength(2_000);
  });

  it('resumes after the last whole record wherever a write was cut off, and later records count again', () => {
    const { files, run } = makeFiles();
    startFiles(files, run);
    writeRecord(files.journal, at(1));
    const whole = readFileSync(files.journal).length;
    writeRecord(files.journal, at(2));
    const end = readFileSync(files.journal).length;
    for (let cut = end - 2; cut >= whole; cut--) {
      truncateSync(files.journal, cut);
      expect(resumePosition(files, run).lines).toBe(1);
    }
    appendFileSync(files.journal, '{"offset":7');
    writeRecord(files.journal, at(3));
    expect(resumePosition(files, run)).toEqual(at(3));
  });

  it('of another file, service, format, report or choice of checks is refused', () => {
    const { files, run } = makeFiles();
    startFiles(files, run);
    const modes = [{ url: 'http://b' }, { format: 'autogpt' }, { verify: true }].map((other) => ({
      ...MODE,
      ...other,
    }));
    const others = modes.map((mode) => describeRun(files, mode));
    others.push(describeRun({ ...files, report: `${files.input}.other` }, MODE));
    for (const other of others) expect(() => resumePosition(files, other)).toThrow('another import');
    appendFileSync(files.input, 'y\n');
    expect(() => resumePosition(files, describeRun(files, MODE))).toThrow('--restart');
  });
});
