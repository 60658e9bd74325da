// What the outcomes of refreshes are counted under. Each MCP server is a group of its own: what one of them does marks and pauses no
// grant of another, although all have the provider `mcp`.

/** What decides the group: of a credential's row, to which the seal is bound. */
interface Grouped {
  provider: string;
  resource: string | null;
}

/** The provider, or the origin of the MCP server. */
export const outcomeGroup = ({ provider, resource }: Grouped): string =>
  resource === null ? provider : `${provider} ${URL.parse(resource)?.origin ?? ''}`;
