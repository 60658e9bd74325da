// The network that a request came from, as the key of a limit. Every customer of an Internet provider has at least a /64 of IPv6
// (RFC 6177) and can send from any address in it.

const GROUPS = 8;
const NETWORK_GROUPS = 4;

const readGroups = (text: string): number[] =>
  text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));

/** An IPv4 address unchanged; the first 64 bits of an IPv6 address. */
export const sourceNetwork = (address: string): string => {
  if (!address.includes(':') || address.includes('.')) return address;
  const [start = [], end = []] = address.split('::').map(readGroups);
  const zeros = Array.from({ length: Math.max(0, GROUPS - start.length - end.length) }, () => 0);
  const groups = [...start, ...zeros, ...end].slice(0, NETWORK_GROUPS);
  return groups.map((group) => group.toString(16)).join(':');
};
