// User ids in a path. Gateways decode paths and signers differ on unusual characters, so every id can be sent as `~` and the base64url
// of its UTF-8. Browsers too: no Buffer.

const PLAIN = /^(?!\.{1,2}$)[A-Za-z0-9._-]+$/;
const MAX_CHARACTERS = 256;

const base64url = (text: string): string => {
  const bytes = new TextEncoder().encode(text);
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
};

/** The path segment of a user id. Throws `TypeError` for what is no id: not 1 to 256 characters of valid Unicode. */
export const encodeUserSegment = (userId: string): string => {
  if (userId === '' || !userId.isWellFormed() || [...userId].length > MAX_CHARACTERS) {
    throw new TypeError(`a user id has 1 to ${MAX_CHARACTERS} characters of valid Unicode`);
  }
  return PLAIN.test(userId) ? userId : `~${base64url(userId)}`;
};
