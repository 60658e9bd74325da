// Lines of a file or a stream, one at a time: memory holds one chunk and one line, whatever the size. A line ends at \n and nowhere else:
// JSON texts may hold the line separators of Unicode as they are.
import { createReadStream } from 'node:fs';

/** A line of a file. */
export interface Line {
  /** 1 for the first. */
  number: number;
  /** The line without its end; null where it is longer than allowed. */
  text: string | null;
  /** Where the next line begins, in bytes. */
  end: number;
}

/** Where to begin. */
export interface Start {
  offset: number;
  /** Lines before the offset. */
  lines: number;
}

const NEWLINE = 0x0a;

/** The lines of a file from `start` on, as `splitLines`. */
export const readLines = (path: string, start: Start, maxBytes: number): AsyncGenerator<Line> =>
  splitLines(createReadStream(path, { start: start.offset }), start, maxBytes);

/** The lines of a stream of bytes that begins at `start`. A line above `maxBytes` is told without its text, which is not kept. */
export async function* splitLines(chunks: AsyncIterable<Buffer>, start: Start, maxBytes: number): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let size = 0;
  let number = start.lines;
  let position = start.offset;
  const take = (): Line => {
    const text = size > maxBytes ? null : Buffer.concat(parts).toString('utf8');
    parts = [];
    size = 0;
    return { number: ++number, text, end: position };
  };
  const add = (part: Buffer) => {
    size += part.length;
    if (size <= maxBytes) parts.push(part);
    else parts = [];
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
      add(chunk.subarray(from, at));
      position += at + 1 - from;
      from = at + 1;
      yield take();
    }
    // A copy: a part of the chunk would keep all of it in memory.
    if (from < chunk.length) add(Buffer.from(chunk.subarray(from)));
    position += chunk.length - from;
  }
  if (size > 0) yield take();
}
