// Quirks: each repairs the replies of its provider, changes no input, and accepts values of any type.
import { describe, expect, it } from 'vitest';
import { ReplyQuirk } from '../../../lib/domain/oauth/provider-record.ts';
import { replyQuirks, type TokenReply } from '../../../lib/providers/quirks.ts';

interface Example {
  says: string;
  reply: TokenReply;
  becomes: TokenReply;
}

/** Replies of the shapes that were recorded, and what the general rules are to read. */
const examples: Record<ReplyQuirk, Example[]> = {
  instagramList: [
    {
      says: 'takes the grant out of its list',
      reply: { data: [{ access_token: 'IGA', user_id: '17841', permissions: 'instagram_business_basic' }] },
      becomes: { access_token: 'IGA', user_id: '17841', scope: 'instagram_business_basic' },
    },
    {
      says: 'reads one without a list',
      reply: { access_token: 'IGA', user_id: 17841, permissions: ['instagram_business_basic'] },
      becomes: { access_token: 'IGA', user_id: 17841, scope: ['instagram_business_basic'] },
    },
    {
      says: 'leaves a refusal',
      reply: { error_type: 'OAuthException', code: 400, error_message: 'Invalid platform app' },
      becomes: { error_type: 'OAuthException', code: 400, error_message: 'Invalid platform app' },
    },
    { says: 'leaves an empty list', reply: { data: [] }, becomes: { data: [] } },
  ],
  slackAccount: [
    {
      says: 'names the account by workspace and user',
      reply: {
        ok: true,
        access_token: 'xoxb-bot',
        token_type: 'bot',
        bot_user_id: 'U0B',
        team: { name: 'Acme', id: 'T1' },
        enterprise: null,
        authed_user: { id: 'U1', scope: 'chat:write', access_token: 'xoxp-user', token_type: 'user' },
      },
      becomes: {
        ok: true,
        access_token: 'xoxb-bot',
        token_type: 'bot',
        bot_user_id: 'U0B',
        team: { name: 'Acme', id: 'T1' },
        enterprise: null,
        authed_user: { id: 'U1', scope: 'chat:write', access_token: 'xoxp-user', token_type: 'user' },
        account_id: 'T1:U1',
      },
    },
    {
      says: 'names an organization where there is no workspace',
      reply: { ok: true, team: null, enterprise: { id: 'E1', name: 'Acme' }, authed_user: { id: 'U1' } },
      becomes: {
        ok: true,
        team: null,
        enterprise: { id: 'E1', name: 'Acme' },
        authed_user: { id: 'U1' },
        account_id: 'E1:U1',
      },
    },
    {
      says: 'leaves a refreshed token, which is at the top and names no user',
      reply: { ok: true, access_token: 'xoxe.xoxp-1', refresh_token: 'xoxe-1', token_type: 'user', team: { id: 'T1' } },
      becomes: {
        ok: true,
        access_token: 'xoxe.xoxp-1',
        refresh_token: 'xoxe-1',
        token_type: 'user',
        team: { id: 'T1' },
      },
    },
    {
      says: 'leaves a refusal',
      reply: { ok: false, error: 'invalid_refresh_token' },
      becomes: { ok: false, error: 'invalid_refresh_token' },
    },
  ],
  zohoSeconds: [
    {
      says: 'takes the lifetime in seconds when the other is in milliseconds',
      reply: { access_token: '1000.a', expires_in_sec: 3600, expires_in: 3_600_000, token_type: 'Bearer' },
      becomes: { access_token: '1000.a', expires_in_sec: 3600, expires_in: 3600, token_type: 'Bearer' },
    },
    {
      says: 'leaves a lifetime that is in seconds already',
      reply: { access_token: '1000.a', expires_in: 3600, api_domain: 'https://www.zohoapis.com' },
      becomes: { access_token: '1000.a', expires_in: 3600, api_domain: 'https://www.zohoapis.com' },
    },
    { says: 'leaves a refusal', reply: { error: 'invalid_code' }, becomes: { error: 'invalid_code' } },
  ],
};

/** What a provider might send in place of what is expected. */
const oddValues: unknown[] = [null, 0, '', 'text', [], [null], [0], {}, { id: 0 }, { id: '' }, [{ data: [] }]];
const readFields = ['error', 'data', 'team', 'enterprise', 'authed_user', 'permissions'];

describe.each(ReplyQuirk.options)('the quirk %s', (name) => {
  it.each(examples[name])('$says', ({ reply, becomes }) => {
    expect(replyQuirks[name](reply)).toStrictEqual(becomes);
  });

  it('changes no reply that it is given', () => {
    for (const { reply } of examples[name]) {
      const before = structuredClone(reply);
      replyQuirks[name](reply);
      expect(reply).toStrictEqual(before);
    }
  });

  it('reads no token, error or account from values of another type', () => {
    for (const value of oddValues) {
      const odd = Object.fromEntries(readFields.map((field) => [field, value]));
      const made = replyQuirks[name](odd);
      expect(made).not.toHaveProperty('access_token');
      expect(made).not.toHaveProperty('account_id');
      expect(made.error === value || made.error === undefined).toBe(true);
    }
  });
});
