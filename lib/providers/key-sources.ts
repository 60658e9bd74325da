// The sources of every listed API. Read by `docs/providers.md` and the tests, never at run time.
import type { KeySource, KeySources } from './catalogue/key-source.ts';
import { businessAToLSources } from './catalogue/key-sources/business-a-l.ts';
import { businessMToZSources } from './catalogue/key-sources/business-m-z.ts';
import { developersAToFSources } from './catalogue/key-sources/developers-a-f.ts';
import { developersGToNSources } from './catalogue/key-sources/developers-g-n.ts';
import { developersOToZSources } from './catalogue/key-sources/developers-o-z.ts';
import { systemAToFSources } from './catalogue/key-sources/system-a-f.ts';
import { systemGToOSources } from './catalogue/key-sources/system-g-o.ts';
import { systemPToZSources } from './catalogue/key-sources/system-p-z.ts';
import { workplaceAToDSources } from './catalogue/key-sources/workplace-a-d.ts';
import { workplaceEToZSources } from './catalogue/key-sources/workplace-e-z.ts';

const groups: readonly KeySources[] = [
  systemAToFSources,
  systemGToOSources,
  systemPToZSources,
  developersAToFSources,
  developersGToNSources,
  developersOToZSources,
  businessAToLSources,
  businessMToZSources,
  workplaceAToDSources,
  workplaceEToZSources,
];

/** By provider name. */
export const keySources: ReadonlyMap<string, KeySource> = new Map(groups.flatMap((group) => Object.entries(group)));
