// The body of an event in payload format 2.0. API Gateway passes a body as text only when its content type says so, and every
// other body as base64, also forms and bodies without a content type.
// Measured on AWS in https://github.com/ministackorg/ministack/pull/766

/** The body in an event: text, or base64 of the bytes. `body` is absent when the request had none. */
export interface EventBody {
  body?: string;
  isBase64Encoded: boolean;
}

const TEXT = /^(text\/[^;]+|application\/(json|xml|javascript))\s*(;|$)/i;

const decodeUtf8 = (bytes: Buffer): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/** Empty without a body; base64 also for text that is not UTF-8. */
export const readEventBody = (bytes: Buffer, contentType: string | undefined): EventBody => {
  if (bytes.length === 0) return { isBase64Encoded: false };
  const text = TEXT.test(contentType ?? '') ? decodeUtf8(bytes) : undefined;
  return text === undefined
    ? { body: bytes.toString('base64'), isBase64Encoded: true }
    : { body: text, isBase64Encoded: false };
};
