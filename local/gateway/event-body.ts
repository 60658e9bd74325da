// The body as payload format 2.0 has it. API Gateway hands over as text only what its content type says is text, and
// everything else as base64: forms and bodies without a content type too.
// Measured against AWS by others: https://github.com/ministackorg/ministack/pull/766

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

export const readEventBody = (bytes: Buffer, contentType: string | undefined): EventBody => {
  if (bytes.length === 0) return { isBase64Encoded: false };
  const text = TEXT.test(contentType ?? '') ? decodeUtf8(bytes) : undefined;
  return text === undefined
    ? { body: bytes.toString('base64'), isBase64Encoded: true }
    : { body: text, isBase64Encoded: false };
};
