/**
 * Where a program may be sent by an address that others gave it: a webhook, a push service. Who gives one must not reach by it what
 * only this machine reaches: its own services, the office's network, a cloud's metadata. So an address is judged when it is
 * given, and every address that its name leads to is judged at each connection, when it is about to be used and cannot change any more.
 */
import ipaddr from 'ipaddr.js';

export interface AddressRules {
  /** Networks (CIDR) that are allowed although they are not public: where the company's own OA stands. */
  networks: readonly string[];
  /** Without TLS as well. The signature still says who sent it, but everybody on the way reads it. */
  http: boolean;
}

/** What a machine in Azure reaches its own host by: allotted as public, and answering to that machine alone (Microsoft, "What is IP address 168.63.129.16?"). */
const AZURE_HOST = '168.63.129.16';

/** Characters of an address. */
export const URL_MAX = 2048;

/** Why an address may not be used. */
export class NoAddress extends Error {}

/**
 * An address that may be used. Throws NoAddress with the reason. The parser (WHATWG URL) writes every spelling of an IPv4 address
 * (0x7f.1, 2130706433, 127.1) in one way.
 */
export function judgedUrl(text: string, rules: AddressRules): URL {
  const wrong = (why: string): NoAddress => new NoAddress(why);
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw wrong('not a URL');
  }
  if (text.length > URL_MAX) throw wrong('too long');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && rules.http)) throw wrong(rules.http ? 'https or http' : 'https');
  if (url.username !== '' || url.password !== '') throw wrong('user and password do not belong into it');
  if (url.hash !== '') throw wrong('a fragment does not belong into it');
  const literal = literalOf(url);
  if (literal !== undefined && !mayReach(literal, rules)) throw wrong('not a public address, and not in an allowed network');
  return url;
}

/** The IP address that stands in a URL itself, or undefined for a name. */
export function literalOf(url: URL): string | undefined {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return ipaddr.isValid(host) ? host : undefined;
}

/** Whether a connection to this IP address may be made. What cannot be read may not. */
export function mayReach(address: string, rules: AddressRules): boolean {
  const plain = address.split('%')[0] ?? '';
  if (!ipaddr.isValid(plain)) return false;
  // IPv4 in the clothes of IPv6 (::ffff:127.0.0.1) is IPv4.
  const parsed = ipaddr.process(plain);
  for (const network of rules.networks) {
    const [base, bits] = ipaddr.parseCIDR(network);
    if (base.kind() === parsed.kind() && parsed.match(base as never, bits as never)) return true;
  }
  // Only what is allotted as public; 6to4, Teredo and NAT64 carry an IPv4 address within and have ranges of their own.
  return parsed.range() === 'unicast' && !isCompatible(parsed) && parsed.toString() !== AZURE_HOST;
}

/** ::a.b.c.d, long abandoned, which some systems still take for a.b.c.d. */
function isCompatible(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return address.kind() === 'ipv6' && (address as ipaddr.IPv6).parts.slice(0, 6).every((part) => part === 0);
}
