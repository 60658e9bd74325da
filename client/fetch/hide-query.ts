// Keys in a query: they are added to a URL only for the request itself, so that no redirect and no response shows them.

/** The URL without these parameters of its query; unchanged, as it is spelled, where it has none of them. */
export const withoutParameters = (url: URL, names: readonly string[]): URL => {
  const kept = new URL(url);
  for (const name of names) if (kept.searchParams.has(name)) kept.searchParams.delete(name);
  return kept;
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
