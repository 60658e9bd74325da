// Examples of requests and answers, by the id of their schema. Apart from the schemas, which are part of every function's bundle.
import type { Schema } from '../../routes/route.ts';
import { connectionExamples } from './connection-examples.ts';
import { credentialExamples } from './credential-examples.ts';
import { linkExamples } from './link-examples.ts';
import { movingExamples } from './moving-examples.ts';
import { operatorExamples } from './operator-examples.ts';

const examples: Readonly<Record<string, readonly unknown[]>> = {
  ...credentialExamples,
  ...connectionExamples,
  ...linkExamples,
  ...movingExamples,
  ...operatorExamples,
};

/** The examples of a schema; empty for one without an id. */
export const findExamples = (schema: Schema): readonly unknown[] => examples[schema.meta()?.id ?? ''] ?? [];
