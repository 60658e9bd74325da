// Headers that hold a secret. The error of the platform for an invalid value quotes the value, so it is replaced.

/** The headers; throws `TypeError` with this message, and nothing of a value, where a value is no header value. */
export const makeHeaders = (fields: Readonly<Record<string, string>>, message: string): Headers => {
  try {
    return new Headers(fields);
  } catch {
    throw new TypeError(message);
  }
};
