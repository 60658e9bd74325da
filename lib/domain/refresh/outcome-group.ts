// What the outcomes of refreshes are counted under. Each MCP server is a group of its own: what one of them does marks and pauses no
// grant of another, although all have the provider `mcp`. Several servers may share one host.

/** What decides the group: of a credential's row, to which the seal is bound. */
interface Grouped {
  provider: string;
  resource: string | null;
}

/** The provider, or the MCP server by its whole resource. */
export const outcomeGroup = ({ provider, resource }: Grouped): string =>
  resource === null ? provider : `${provider} ${resource}`;

/** The group for the log: the path of a resource may tell what only its user should know. */
export const loggedGroup = ({ provider, resource }: Grouped): string =>
  resource === null ? provider : `${provider} ${URL.parse(resource)?.origin ?? ''}`;

/** Whose faults pause a grant in a sweep: its own group, and all MCP servers of its user, who chose them. */
export const pauseGroups = (credential: Grouped & { userId: string }): readonly string[] =>
  credential.resource === null ? [outcomeGroup(credential)] : [outcomeGroup(credential), `user ${credential.userId}`];
