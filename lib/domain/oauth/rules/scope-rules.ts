// Whether granted scopes cover wanted ones, by a provider's rules: it may grant a scope under another name, leave out one that
// another contains, and never report those that are no permission. Resolve, upgrade, merge and replace decide by this alone.

/** The fields of a provider's profile that say how its scopes relate. In a name, `{x}` stands for any text, the same on both sides. */
export interface ScopeRules {
  /** The name that the provider grants, by the name that was requested. Both mean the same scope. */
  scopeAliases: Readonly<Record<string, string>>;
  /** The scopes that a granted one contains; transitive. */
  scopeImplies: Readonly<Record<string, readonly string[]>>;
  /** Scopes that are no permission: granted, whether reported or not. null: `DEFAULT_NOT_REPORTED`, unless a reply names one of them. */
  scopesNotReported: readonly string[] | null;
  /** Whether the provider answers scopes in a case of its own. */
  scopesIgnoreCase: boolean;
}

/** The rules of a provider without rules of its own. */
export const DEFAULT_SCOPE_RULES: ScopeRules = {
  scopeAliases: {},
  scopeImplies: {},
  scopesNotReported: null,
  scopesIgnoreCase: false,
};

/** OpenID Connect Core §3.1.2.1, §5.4 and §11: they ask for claims and refresh tokens, and many providers never report them. */
const DEFAULT_NOT_REPORTED = ['openid', 'offline_access', 'profile', 'email'];
/** A rule with `{x}` may apply to its own result: these bound what a record can lead to. */
const MAX_IMPLIED = 5_000;
const MAX_RENAMES = 20;
const MAX_LENGTH = 512;
const PLACEHOLDER = /\{\w+\}/;

/** One side of a rule, and what it leads to. */
interface Rule {
  matches(scope: string): readonly string[] | null;
}

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** A rule about one scope, or about all that its placeholder fits. */
const makeRule = (name: string, results: readonly string[]): Rule => {
  const placeholder = PLACEHOLDER.exec(name)?.[0];
  if (placeholder === undefined) return { matches: (scope) => (scope === name ? results : null) };
  const [before = '', after = ''] = name.split(placeholder).map(escapeRegExp);
  const pattern = new RegExp(`^${before}(.+)${after}$`, 's');
  return {
    matches: (scope) => {
      const filling = pattern.exec(scope)?.[1];
      if (filling === undefined) return null;
      const filled = results.map((result) => result.replaceAll(placeholder, () => filling));
      return filled.filter((result) => result.length <= MAX_LENGTH);
    },
  };
};

interface CompiledRules {
  /** One spelling of each scope: names that mean the same become the same. */
  unify(scope: string): string;
  implied: readonly Rule[];
  isNeverReported(scope: string): boolean;
}

/** Follows renames to their end. Of names that lead to each other, the first in the alphabet stands for all. */
const followRenames = (renames: readonly Rule[], scope: string): string => {
  const path: string[] = [];
  for (let at: string | undefined = scope; at !== undefined && path.length < MAX_RENAMES; ) {
    if (path.includes(at)) return path.slice(path.indexOf(at)).toSorted()[0] as string;
    path.push(at);
    const from: string = at;
    at = renames.map((rename) => rename.matches(from)?.[0]).find((to) => to !== undefined);
  }
  return path.at(-1) as string;
};

const compile = (rules: ScopeRules): CompiledRules => {
  // Lower case leaves a placeholder a placeholder, on both sides.
  const fold = (scope: string) => (rules.scopesIgnoreCase ? scope.toLowerCase() : scope);
  const renames = Object.entries(rules.scopeAliases).map(([asked, granted]) => makeRule(fold(asked), [fold(granted)]));
  const unify = (scope: string) => followRenames(renames, fold(scope));
  const implied = Object.entries(rules.scopeImplies).map(([granted, contained]) =>
    makeRule(PLACEHOLDER.test(granted) ? fold(granted) : unify(granted), contained.map(fold)),
  );
  const never = (rules.scopesNotReported ?? []).map((name) =>
    makeRule(PLACEHOLDER.test(name) ? fold(name) : unify(name), []),
  );
  return { unify, implied, isNeverReported: (scope) => never.some((rule) => rule.matches(scope) !== null) };
};

/** The granted scopes with all that they contain, each in its one spelling. */
const expand = ({ unify, implied }: CompiledRules, granted: readonly string[]): ReadonlySet<string> => {
  const all = new Set(granted.map(unify));
  // A Set visits what is added while it is walked.
  for (const scope of all) {
    for (const rule of implied) for (const contained of rule.matches(scope) ?? []) all.add(unify(contained));
    if (all.size > MAX_IMPLIED) break;
  }
  return all;
};

/** The scopes that count as granted although no reply names them. */
const findUnreported = (rules: ScopeRules, { unify }: CompiledRules, all: ReadonlySet<string>): readonly string[] => {
  if (rules.scopesNotReported !== null) return [];
  const defaults = DEFAULT_NOT_REPORTED.map(unify);
  return defaults.some((scope) => all.has(scope)) ? [] : defaults;
};

/** The wanted scopes that the granted ones do not cover, each once, in the given order and spelling. */
export const uncoveredScopes = (rules: ScopeRules, granted: readonly string[], wanted: readonly string[]): string[] => {
  // Most calls want scopes by the names that were granted.
  if (wanted.every((scope) => granted.includes(scope))) return [];
  const compiled = compile(rules);
  const all = expand(compiled, granted);
  const unreported = new Set(findUnreported(rules, compiled, all));
  return [...new Set(wanted)].filter((scope) => {
    const name = compiled.unify(scope);
    return !(all.has(name) || unreported.has(name) || compiled.isNeverReported(name));
  });
};

/** Whether the granted scopes cover every wanted one. */
export const coversScopes = (rules: ScopeRules, granted: readonly string[], wanted: readonly string[]): boolean =>
  uncoveredScopes(rules, granted, wanted).length === 0;

/** The wanted scopes that were not granted by any name: what an upgrade still has to request, unreported ones included. */
export const ungrantedScopes = (rules: ScopeRules, granted: readonly string[], wanted: readonly string[]): string[] => {
  const compiled = compile(rules);
  const all = expand(compiled, granted);
  return [...new Set(wanted)].filter((scope) => !all.has(compiled.unify(scope)));
};
