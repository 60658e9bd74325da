// Which addresses belong to the public Internet (I6).
import { describe, expect, it } from 'vitest';
import { isLoopbackAddress, isPublicAddress } from '../../../../lib/adapters/outbound/public-address.ts';

const open = [
  '1.1.1.1',
  '8.8.8.8',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.1',
  '169.253.255.255',
  '169.255.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.0.1.0',
  '192.167.255.255',
  '192.169.0.0',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '2a00:1450:4001:81b::200e',
  '2001:4860:4860::8888',
  '2001:200::1',
  '::ffff:8.8.8.8',
  '64:ff9b::8.8.8.8',
];

const closed: Record<string, readonly string[]> = {
  unspecified: ['0.0.0.0', '0.1.2.3', '::', '0:0:0:0:0:0:0:0'],
  private: ['10.0.0.0', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1', '192.168.255.255'],
  'carrier-grade NAT': ['100.64.0.0', '100.100.100.200', '100.127.255.255'],
  loopback: ['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1'],
  'link-local': ['169.254.0.1', '169.254.169.254', '169.254.170.2', 'fe80::1', 'febf::1', 'fe80::1%eth0'],
  'cloud metadata': ['168.63.129.16', '192.0.0.192', 'fd00:ec2::254', 'fd20:ce::254'],
  'protocol assignments and documentation': [
    '192.0.0.8',
    '192.0.2.1',
    '192.88.99.1',
    '198.51.100.9',
    '203.0.113.255',
    '2001:db8::1',
    '3fff::1',
  ],
  benchmarking: ['198.18.0.1', '198.19.255.255', '2001:2::1'],
  'multicast, reserved or broadcast': ['224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255', 'ff02::1'],
  'unique local or site local': ['fc00::1', 'fdff::1', 'fec0::1'],
  'unassigned or discard': ['100::1', '4000::1', '5f00::1', '8000::1', 'e000::1', '64:ff9b:1::1'],
  'embedded IPv4, mapped': [
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::FFFF:10.0.0.1',
    '::ffff:169.254.169.254',
    '0:0:0:0:0:ffff:c0a8:1',
  ],
  'embedded IPv4, compatible or translated': ['::127.0.0.1', '::10.0.0.1', '::8.8.8.8', '::ffff:0:10.0.0.1'],
  'embedded IPv4, NAT64': ['64:ff9b::127.0.0.1', '64:ff9b::a00:1', '64:ff9b::169.254.169.254', '64:ff9b::192.168.1.1'],
  'embedded IPv4, 6to4 or Teredo': ['2002:7f00:1::', '2002:a00:1::1', '2001::1', '2001:0:4136:e378::'],
  'not a canonical address': [
    '',
    '2606:4700:4700::1111%eth0',
    'localhost',
    '127.1',
    '0x7f.1',
    '2130706433',
    '010.0.0.1',
    '8.8.8.8.',
    '[::1]',
  ],
};

describe('isPublicAddress', () => {
  it.each(open)('accepts %s', (ip) => {
    expect(isPublicAddress(ip)).toBe(true);
  });

  it.each(Object.entries(closed).flatMap(([why, ips]) => ips.map((ip) => [why, ip])))('refuses %s: %j', (_why, ip) => {
    expect(isPublicAddress(ip ?? '')).toBe(false);
  });
});

describe('isLoopbackAddress', () => {
  it.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])('accepts %s', (ip) => {
    expect(isLoopbackAddress(ip)).toBe(true);
  });

  it.each(['0.0.0.0', '10.0.0.1', '128.0.0.1', '::', '::2', 'fe80::1', '::1%lo', 'localhost', ''])(
    'refuses %j',
    (ip) => {
      expect(isLoopbackAddress(ip)).toBe(false);
    },
  );
});
