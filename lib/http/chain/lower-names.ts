// Headers by their names in lower case. API Gateway sends them so; other callers of a function may not.

/** Headers of an event. */
type Headers = Record<string, string | undefined>;

/** The headers with their names in lower case. The object has no prototype, so that no name is found that was not sent. */
export const lowerNames = (headers: Headers | undefined): Headers => {
  const lowered: Headers = Object.create(null);
  for (const name in headers) lowered[name.toLowerCase()] = headers[name];
  return lowered;
};
