// Keys in a query: they are added to a URL only for the request itself, so that no redirect and no response shows them.

/** Unchanged, as it is spelled, where it has none of them. */
const withoutParameters = (url: URL, names: readonly string[]): URL => {
  const kept = new URL(url);
  for (const name of names) if (kept.searchParams.has(name)) kept.searchParams.delete(name);
  return kept;
};

/** A key is longer; a shorter text would be found by chance. */
const LEAST_CHARACTERS = 8;

/** Whether a parameter holds the key, also as part of a URL in it. */
const holdsKey = (value: string, key: string): boolean => {
  const spellings = [key, encodeURIComponent(key), new URLSearchParams([['', key]]).toString().slice(1)];
  return key.length >= LEAST_CHARACTERS && spellings.some((spelling) => value.includes(spelling));
};

/** A place that a redirect names, without the keys (by name of parameter) that it repeats, such as in the URL to come back to. */
export const withoutKeys = (url: URL, keys: Readonly<Record<string, string>>): URL => {
  const isRepeated = (value: string) => Object.values(keys).some((key) => holdsKey(value, key));
  const repeating = [...url.searchParams].filter(([, value]) => isRepeated(value)).map(([name]) => name);
  return withoutParameters(url, [...Object.keys(keys), ...repeating]);
};

/** The same response, whose `url` (and that of its clones) is this one, without a fragment as in fetch. */
export const showUrl = (response: Response, url: URL): Response => {
  const shown = new URL(url);
  shown.hash = '';
  const clone = response.clone.bind(response);
  return Object.defineProperties(response, {
    url: { value: shown.href, configurable: true, enumerable: true },
    clone: { value: () => showUrl(clone(), url), configurable: true },
  });
};
