// The sources of every OAuth record. Read by `docs/providers.md` and the tests, never at run time.
import type { OAuthSource, OAuthSources } from './catalogue/oauth-source.ts';
import { businessSources } from './catalogue/oauth-sources/business.ts';
import { developersSources } from './catalogue/oauth-sources/developers.ts';
import { socialSources } from './catalogue/oauth-sources/social.ts';
import { workplaceSources } from './catalogue/oauth-sources/workplace.ts';

const groups: readonly OAuthSources[] = [businessSources, developersSources, socialSources, workplaceSources];

/** By provider name. */
export const oauthSources: ReadonlyMap<string, OAuthSource> = new Map(groups.flatMap((group) => Object.entries(group)));
