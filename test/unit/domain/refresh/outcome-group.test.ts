// The groups that the outcomes of refreshes are counted under, what the log says of them, and whose faults pause a grant.
import { expect, it } from 'vitest';
import { loggedGroup, outcomeGroup, pauseGroups } from '../../../../lib/domain/refresh/outcome-group.ts';

const GITHUB = { provider: 'github', resource: null, userId: 'alice' };
const SERVER = { provider: 'mcp', resource: 'https://mcp.example/team/secret', userId: 'alice' };

it.each([
  [GITHUB, 'github', 'github', ['github']],
  [
    SERVER,
    'mcp https://mcp.example/team/secret',
    'mcp https://mcp.example',
    ['mcp https://mcp.example/team/secret', 'user alice'],
  ],
  [{ ...SERVER, resource: 'no URL' }, 'mcp no URL', 'mcp ', ['mcp no URL', 'user alice']],
])('counts %j under %j, logs it as %j, and pauses it with %j', (credential, group, logged, pausing) => {
  expect(outcomeGroup(credential)).toBe(group);
  expect(loggedGroup(credential)).toBe(logged);
  expect(pauseGroups(credential)).toEqual(pausing);
});

it('tells servers on one host apart', () => {
  const other = { ...SERVER, resource: 'https://mcp.example/other' };
  expect(outcomeGroup(other)).not.toBe(outcomeGroup(SERVER));
});
