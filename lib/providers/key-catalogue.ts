// The APIs whose keys or passwords people hold: where a key is sent, and the call that checks one. `docs/providers.md` shows them.
import type { KeyProvider, KeyProviders } from './catalogue/key-provider.ts';
import { businessAToLKeys } from './catalogue/keys/business-a-l.ts';
import { businessMToZKeys } from './catalogue/keys/business-m-z.ts';
import { developersAToFKeys } from './catalogue/keys/developers-a-f.ts';
import { developersGToNKeys } from './catalogue/keys/developers-g-n.ts';
import { developersOToZKeys } from './catalogue/keys/developers-o-z.ts';
import { systemAToFKeys } from './catalogue/keys/system-a-f.ts';
import { systemGToOKeys } from './catalogue/keys/system-g-o.ts';
import { systemPToZKeys } from './catalogue/keys/system-p-z.ts';
import { workplaceAToDKeys } from './catalogue/keys/workplace-a-d.ts';
import { workplaceEToZKeys } from './catalogue/keys/workplace-e-z.ts';

const groups: readonly KeyProviders[] = [
  systemAToFKeys,
  systemGToOKeys,
  systemPToZKeys,
  developersAToFKeys,
  developersGToNKeys,
  developersOToZKeys,
  businessAToLKeys,
  businessMToZKeys,
  workplaceAToDKeys,
  workplaceEToZKeys,
];

/** By provider name, sorted by name. */
export const keyProviders: ReadonlyMap<string, KeyProvider> = new Map(
  groups.flatMap((group) => Object.entries(group)).sort(([a], [b]) => (a < b ? -1 : 1)),
);

/** Left out: an Ollama server is the user's own, at any host, and the key of its system credential is no secret. */
export const apisLeftOut: readonly string[] = ['ollama'];

/** What is listed under exactly this name; there are no aliases. */
export const findKeyProvider = (name: string): KeyProvider | undefined => keyProviders.get(name);
