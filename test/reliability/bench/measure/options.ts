// The command line of the bench.
import { parseArgs } from 'node:util';

/** What to run and what to do with it. */
export interface Options {
  /** Groups or figures; empty: all. */
  only: string[];
  quick: boolean;
  json: boolean;
  /** Replaces the tables in the documents and the drawing. */
  write: boolean;
  /** Only what the units cost. */
  cost: boolean;
  /** Only the simulation of scale. */
  scale: boolean;
}

/** Reads the arguments. Throws on one that is not known. */
export const readOptions = (args: readonly string[]): Options => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      cost: { type: 'boolean', default: false },
      scale: { type: 'boolean', default: false },
    },
  });
  // A quick run's times mean nothing, and a part of the figures would replace all of them.
  if (values.write && (values.quick || values.only.length > 0))
    throw new Error('--write takes all figures of a full run');
  return values;
};
