// Addresses that come from outside are opened only when they are web addresses: `javascript:` and the like are not.

/** The address when a browser may be sent to it; null for any other. */
export const safeUrl = (text: string | null | undefined): string | null => {
  const url = text ? URL.parse(text) : null;
  return url && (url.protocol === 'https:' || url.protocol === 'http:') ? url.href : null;
};
