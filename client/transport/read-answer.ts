// From a response to the answer or the error. Only the documents of the service and the words of its gateway are quoted in an error:
// any other body could hold a secret.
import { type ClientErrorCode, KeyholdError, type ProblemFields } from '../keyhold-error.ts';

const GATEWAY_CODES: Readonly<Record<number, ClientErrorCode>> = {
  401: 'unauthenticated',
  403: 'unauthenticated',
  404: 'route_unknown',
  429: 'too_many_requests',
};

const gatewayCode = (status: number): ClientErrorCode =>
  GATEWAY_CODES[status] ?? (status >= 500 ? 'unavailable' : 'refused_by_gateway');

const parseObject = (text: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
};

const readRetryAfter = (headers: Headers): number | undefined => {
  const text = headers.get('retry-after');
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : undefined;
};

const isProblem = (type: string | null, document: Record<string, unknown> | undefined): boolean =>
  type?.startsWith('application/problem+json') === true && typeof document?.code === 'string';

const refusal = (response: Response, text: string): KeyholdError => {
  const { status, headers } = response;
  const document = parseObject(text);
  const retryAfterSeconds = readRetryAfter(headers);
  if (isProblem(headers.get('content-type'), document)) {
    return new KeyholdError({ ...(document as unknown as ProblemFields), status, retryAfterSeconds });
  }
  const requestId = headers.get('apigw-requestid') ?? undefined;
  const title = `The gateway answered ${status}`;
  return new KeyholdError({ code: gatewayCode(status), status, title, retryAfterSeconds, instance: requestId });
};

/** The parsed answer; undefined where the answer has no body. Throws `KeyholdError` for a status above 299. */
export const readAnswer = async (response: Response): Promise<unknown> => {
  const text = await response.text();
  if (!response.ok) throw refusal(response, text);
  if (response.status === 204) return undefined;
  const answer = parseObject(text);
  if (answer) return answer;
  throw new KeyholdError({ code: 'invalid_answer', status: response.status, title: 'The answer is no JSON object' });
};
