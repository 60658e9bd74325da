// Which IP addresses are the public Internet's (the IANA special-purpose registries, RFC 6890). IPv6 is a list of what is
// allowed, since most of it is nothing; an address that carries an IPv4 address inside is judged by that.
import { BlockList, isIP } from 'node:net';

type Subnet = readonly [network: string, prefix: number];

const NOT_PUBLIC_IPV4: readonly Subnet[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Link-local; clouds serve credentials at 169.254.169.254 and 169.254.170.2.
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
  // Azure's host, of a public range.
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

const listOf = (family: 'ipv4' | 'ipv6', subnets: readonly Subnet[], list = new BlockList()): BlockList => {
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, family);
  return list;
};

/** Rules for IPv4 hold for IPv4-mapped IPv6 addresses too. */
const notPublic = listOf('ipv6', NOT_PUBLIC_IPV6, listOf('ipv4', NOT_PUBLIC_IPV4));
const maybePublicIpv6 = listOf('ipv6', MAYBE_PUBLIC_IPV6);
const loopback = listOf('ipv6', [['::1', 128]], listOf('ipv4', [['127.0.0.0', 8]]));

/** A list would look past it. What is no address at all is on no list. */
const hasNoZone = (ip: string): boolean => !ip.includes('%');

/** Says whether the text is an IP address in its own spelling and of the public Internet. */
export const isPublicAddress = (ip: string): boolean => {
  if (isIP(ip) === 4) return !notPublic.check(ip, 'ipv4');
  return hasNoZone(ip) && maybePublicIpv6.check(ip, 'ipv6') && !notPublic.check(ip, 'ipv6');
};

export const isLoopbackAddress = (ip: string): boolean =>
  hasNoZone(ip) && loopback.check(ip, isIP(ip) === 4 ? 'ipv4' : 'ipv6');
