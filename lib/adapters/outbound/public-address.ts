// Which IP addresses belong to the public Internet (IANA special-purpose registries, RFC 6890). IPv6 is an allow list, because most
// of its space is unassigned; an address that embeds an IPv4 address is checked by that.
import { BlockList, isIP } from 'node:net';

type Subnet = readonly [network: string, prefix: number];

const NOT_PUBLIC_IPV4: readonly Subnet[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Link-local: cloud metadata services serve credentials at 169.254.169.254 and 169.254.170.2.
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  // Multicast, reserved and broadcast.
  ['224.0.0.0', 3],
  // Azure's host agent, in a public range.
  ['168.63.129.16', 32],
];

/** Global unicast, IPv4-mapped, and the NAT64 prefix of RFC 6052. */
const MAYBE_PUBLIC_IPV6: readonly Subnet[] = [
  ['2000::', 3],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
];

const NOT_PUBLIC_IPV6: readonly Subnet[] = [
  // IETF protocol assignments: Teredo, benchmarking, ORCHID.
  ['2001::', 23],
  ['2001:db8::', 32],
  // 6to4.
  ['2002::', 16],
  ['3fff::', 20],
  ...NOT_PUBLIC_IPV4.map(([network, prefix]): Subnet => [`64:ff9b::${network}`, 96 + prefix]),
];

const blockList = (family: 'ipv4' | 'ipv6', subnets: readonly Subnet[], list = new BlockList()): BlockList => {
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, family);
  return list;
};

/** BlockList applies IPv4 rules to IPv4-mapped IPv6 addresses too. */
const notPublic = blockList('ipv6', NOT_PUBLIC_IPV6, blockList('ipv4', NOT_PUBLIC_IPV4));
const maybePublicIpv6 = blockList('ipv6', MAYBE_PUBLIC_IPV6);
const loopback = blockList('ipv6', [['::1', 128]], blockList('ipv4', [['127.0.0.0', 8]]));

/** BlockList ignores the zone of an address (`fe80::1%eth0`). */
const hasNoZone = (ip: string): boolean => !ip.includes('%');

/** Whether the text is an IP address of the public Internet, in canonical spelling. False for anything else. */
export const isPublicAddress = (ip: string): boolean => {
  if (isIP(ip) === 4) return !notPublic.check(ip, 'ipv4');
  return hasNoZone(ip) && maybePublicIpv6.check(ip, 'ipv6') && !notPublic.check(ip, 'ipv6');
};

/** Whether the text is a loopback IP address. */
export const isLoopbackAddress = (ip: string): boolean =>
  hasNoZone(ip) && loopback.check(ip, isIP(ip) === 4 ? 'ipv4' : 'ipv6');
