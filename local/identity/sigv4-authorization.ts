// Parses the Authorization header of a signed request. Any deviation from the usual form counts as unsigned.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html

/** The parts of the header. */
export interface Authorization {
  accessKeyId: string;
  /** `YYYYMMDD` of the scope. */
  day: string;
  region: string;
  service: string;
  signedHeaders: readonly string[];
  signature: string;
}

const SCHEME = 'AWS4-HMAC-SHA256 ';

const parseFields = (text: string): Map<string, string> | undefined => {
  const fields = new Map<string, string>();
  for (const part of text.split(',')) {
    const [name = '', value] = part.trim().split(/=(.*)/s);
    if (value === undefined || fields.has(name)) return undefined;
    fields.set(name, value);
  }
  return fields.size === 3 ? fields : undefined;
};

/** Sorted, lower case, without duplicates; any other list would make the canonical request ambiguous. */
const parseSignedHeaders = (text: string): string[] | undefined => {
  const names = text.split(';');
  const isCanonical = names.every((name, index) => {
    const before = names[index - 1];
    return /^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name) && (before === undefined || before < name);
  });
  return isCanonical ? names : undefined;
};

/** Undefined when the header is missing or malformed. */
export const parseAuthorization = (header: string | undefined): Authorization | undefined => {
  if (!header?.startsWith(SCHEME)) return undefined;
  const fields = parseFields(header.slice(SCHEME.length));
  const scope = /^([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/.exec(fields?.get('Credential') ?? '');
  const signedHeaders = parseSignedHeaders(fields?.get('SignedHeaders') ?? '');
  const signature = fields?.get('Signature') ?? '';
  if (!scope || !signedHeaders || !/^[0-9a-f]{64}$/.test(signature)) return undefined;
  const [, accessKeyId = '', day = '', region = '', service = ''] = scope;
  return { accessKeyId, day, region, service, signedHeaders, signature };
};
