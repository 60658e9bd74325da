// What the server says once it answers: one line for programs to wait for, then commands that work when pasted.
export interface BannerFacts {
  url: string;
  token: string;
  folder: string;
  isColoured: boolean;
}

export const readyLine = (url: string): string => `keyhold ready on ${url}`;

const SIGN = '--aws-sigv4 "aws:amz:us-east-1:execute-api" --user local:local';
const JSON_TYPE = "-H 'content-type: application/json'";

export const banner = ({ url, token, folder, isColoured }: BannerFacts): string => {
  const dim = (text: string): string => (isColoured ? `\x1b[2m${text}\x1b[22m` : text);
  const bearer = '-H "authorization: Bearer $TOKEN"';
  const key = '{"type": "api_key", "provider": "openai", "title": "My key", "apiKey": "sk-not-a-real-key"}';
  return [
    '',
    dim('# a token for alice, good for eight hours'),
    `TOKEN=${token}`,
    '',
    dim('# alice stores a key, and lists what she has'),
    `curl -s ${url}/v1/me/credentials ${bearer} ${JSON_TYPE} -d '${key}'`,
    `curl -s ${url}/v1/me/credentials ${bearer}`,
    '',
    dim('# a worker asks what to call OpenAI with, for alice'),
    `curl -s ${SIGN} ${url}/v1/users/alice/resolve ${JSON_TYPE} -d '{"provider": "openai"}'`,
    '',
    dim('# connect an account at the demo provider, in a browser'),
    `${url}/_local/demo`,
    '',
    dim(`# everything is kept in ${folder}; Ctrl-C stops the server`),
    '',
  ].join('\n');
};

export const BANNER_TOKEN_SECONDS = 8 * 60 * 60;
