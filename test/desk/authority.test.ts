/** What the authority makes against what the device reads; the key file. */
import { createAuthority, deriveKey, exportLinkKeys } from '../../host-bridge/desk/authority/authority';
import { claimsOf, permitView, readGrant, type PermitClaims } from '../../host-bridge/desk/authority/grants';
import { openAuthorityKeys, openLinkKeys, sealKeys } from '../../host-bridge/desk/authority/keystore';
import { decodeCbor, decodeSequence, encodeCbor, encodeSequence, type Cbor } from '../../host-bridge/desk/cbor';
import { macIsRight, parseRecord, photoDigest, ratchet } from '../../host-bridge/desk/register/records';
import { nodeNatives } from '../../host-bridge/natives';
import { grantPayload } from '../../protocol/payload';
import { grantKeys, openGrant, sealGrant, type Grant } from '../../protocol/permit';
import { ackKey, deviceKey } from '../../protocol/keys';
import { makeRecord, photoEnd, photoStep, ratchet as deviceRatchet, recordData, ZERO_HASH } from '../../protocol/evidence';
import { hmacKey } from '../../protocol/hash';
import { deviceId, identityOf, linkRoot, testKeys, testRandom } from './support';

const latin = (data: Buffer): string => data.toString('latin1');
const device = Buffer.from(deviceId, 'hex');
const identity = identityOf();
const authority = createAuthority(testKeys);
const keys = grantKeys(nodeNatives, latin(device), latin(identity.permitKey), latin(identity.ackKey));
const random = testRandom('claims');

const claims = (more: Partial<PermitClaims> = {}): PermitClaims => ({
  device, id: random(16), notBefore: 1_800_000_000, notAfter: 1_800_003_600, counter: 1, epoch: 0, die: random(8), count: 1,
  persons: [{ person: 7, means: 1 }], policy: 1, document: random(32), idle: 300, ...more,
});

function permitGrant(c: PermitClaims): Grant {
  return {
    kind: 1, notBefore: c.notBefore, notAfter: c.notAfter, permit: latin(c.id), counter: c.counter, epoch: c.epoch, die: latin(c.die), count: c.count,
    persons: c.persons.flatMap((p) => [p.person, p.means]), policy: c.policy, document: latin(c.document), idle: c.idle ?? 300,
  };
}

/** Opens a grant as the device does, and compares its bytes with what the protocol would have made of the same fields. */
function cross(grant: Buffer, fields: Grant, key: Buffer): void {
  expect(openGrant(nodeNatives, keys, latin(grant))).toEqual(fields);
  const made = sealGrant(nodeNatives, hmacKey(nodeNatives, latin(key)), grantPayload(latin(device), fields));
  expect(grant.toString('hex')).toBe(Buffer.from(made, 'latin1').toString('hex'));
}

describe('grants', () => {
  test.each([
    ['small', {}],
    ['every width of integer', { counter: 0xffffffff, count: 65535, epoch: 0x80000000, notBefore: 0, notAfter: 0xffffffff, idle: 65535, policy: 3 }],
    ['four persons', { persons: [0, 23, 24, 0xffffffff].map((person, i) => ({ person, means: (i % 3) + 1 })), counter: 255, epoch: 256 }],
    ['borders', { counter: 65535, epoch: 65536, count: 256, notBefore: 0x7fffffff, notAfter: 0x80000000 }],
  ])('permit, byte for byte: %s', (_name, more) => {
    const c = claims(more);
    const grant = authority.permit(c);
    cross(grant, permitGrant(c), identity.permitKey);
    expect(permitView(grant)).toMatchObject({ device: deviceId, id: c.id.toString('hex'), count: c.count, document: c.document.toString('hex') });
    expect(readGrant(identity.permitKey, grant)).toBeDefined();
    expect(readGrant(identity.ackKey, grant)).toBeUndefined();
  });

  test('the other kinds, byte for byte', () => {
    const [nonce, id, photo, hash] = [random(16), random(16), random(32), random(32)];
    cross(authority.time(device, nonce, 1_800_000_000), { kind: 2, nonce: latin(nonce), time: 1_800_000_000 }, identity.permitKey);
    cross(authority.stroke(device, id, photo, 70_001), { kind: 3, permit: latin(id), photo: latin(photo), seq: 70_001 }, identity.permitKey);
    cross(authority.clear(device, 12, 70_000), { kind: 4, condition: 12, seq: 70_000 }, identity.permitKey);
    cross(authority.revoke(device, { epoch: 3 }), { kind: 5, epoch: 3 }, identity.permitKey);
    cross(authority.revoke(device, { permit: id, counter: 9 }), { kind: 5, counter: 9, permit: latin(id) }, identity.permitKey);
    cross(authority.ack(device, 300, 299, hash), { kind: 6, recordsThrough: 300, photosThrough: 299, hash: latin(hash) }, identity.ackKey);
  });

  test('any byte changed is refused by the device and by the desk', () => {
    const grant = authority.permit(claims());
    for (let i = 0; i < grant.length; i++) {
      const changed = Buffer.from(grant);
      changed[i] = (changed[i] as number) ^ 1;
      expect(typeof openGrant(nodeNatives, keys, latin(changed))).toBe('number');
      expect(readGrant(identity.permitKey, changed)).toBeUndefined();
    }
    expect(claimsOf(grant.subarray(0, -1))).toBeUndefined();
  });

  test('keys are derived as the protocol says, each device its own', () => {
    for (const [role, root, key] of [['permit', testKeys.permitRoot, identity.permitKey], ['evidence', testKeys.evidenceRoot, identity.evidenceKey], ['link', linkRoot, identity.linkKey]] as const) {
      expect(latin(key)).toBe(deviceKey(nodeNatives, hmacKey(nodeNatives, latin(root)), role, latin(device)));
    }
    expect(latin(identity.ackKey)).toBe(ackKey(nodeNatives, latin(identity.evidenceKey)));
    expect(deriveKey(testKeys.permitRoot, 'permit', Buffer.alloc(8))).not.toEqual(identity.permitKey);
  });
});

describe('records', () => {
  test("the desk reads the protocol's records, ratchet and photo digests alike", () => {
    const key = hmacKey(nodeNatives, latin(identity.evidenceKey));
    const bytes = Buffer.from(
      makeRecord(nodeNatives, key, {
        device: latin(device), seq: 70_000, boot: 3, uptime: 5_000_000_000, time: undefined, kind: 5, data: recordData([latin(random(16)), 1, 1]), prev: ZERO_HASH,
      }),
      'latin1',
    );
    const record = parseRecord(bytes);
    expect(record).toMatchObject({ device: deviceId, seq: 70_000, boot: 3, uptimeMs: 5_000_000_000, time: null, kind: 5 });
    expect(macIsRight(record!, identity.evidenceKey)).toBe(true);
    expect(latin(ratchet(identity.evidenceKey))).toBe(deviceRatchet(nodeNatives, key));
    for (let i = 0; i < bytes.length; i++) {
      const changed = Buffer.from(bytes);
      changed[i] = (changed[i] as number) ^ 0x10;
      const read = parseRecord(changed);
      expect(read === undefined || !macIsRight(read, identity.evidenceKey)).toBe(true);
    }
    for (const size of [0, 1, 1023, 1024, 1025, 5000]) {
      const photo = random(size);
      let digest = ZERO_HASH;
      for (let at = 0; at < size; at += 1024) digest = photoStep(nodeNatives, digest, latin(photo.subarray(at, at + 1024)));
      expect(latin(photoDigest(photo))).toBe(photoEnd(nodeNatives, digest, size));
    }
  });
});

describe('deterministic CBOR', () => {
  test('one value has one encoding, and only that is read (RFC 8949 appendix A values)', () => {
    const known: [Cbor, string][] = [
      [0, '00'], [23, '17'], [24, '1818'], [1000, '1903e8'], [1_000_000, '1a000f4240'], [4_294_967_295, '1affffffff'], [4_294_967_296, '1b0000000100000000'],
      [1_000_000_000_000, '1b000000e8d4a51000'], [-1, '20'], [-1000, '3903e7'], ['\u6c34', '63e6b0b4'], [Buffer.from('01020304', 'hex'), '4401020304'],
      [[1, [2, 3]], '8201820203'], [null, 'f6'], [true, 'f5'],
    ];
    for (const [value, hex] of known) {
      expect(encodeCbor(value).toString('hex')).toBe(hex);
      expect(decodeCbor(Buffer.from(hex, 'hex'))).toEqual(value);
    }
    for (const hex of ['1817', '190017', '9f01ff', 'f93c00', 'a2020101 01'.replace(' ', ''), 'a201010102', '0000', '', '5f4101ff', 'fb3ff0000000000000', '81'.repeat(5000)]) {
      expect(decodeCbor(Buffer.from(hex, 'hex'))).toBeUndefined();
    }
    expect(() => encodeCbor(1.5)).toThrow(TypeError);
  });

  test('half of a character is written as any UTF-8 encoder writes it, and read again', () => {
    // By length: the encoder has two ways of writing a text.
    for (const rest of ['', 'x', 'x'.repeat(100)]) {
      for (const half of ['\ud83d', '\ude00']) expect(decodeCbor(encodeCbor(new Map([['reason', `${rest}${half}`]])))).toEqual(new Map([['reason', `${rest}\ufffd`]]));
      expect(decodeCbor(encodeCbor(`${rest}\ud83d\ude00`))).toBe(`${rest}\ud83d\ude00`);
    }
  });

  test('sequences', () => {
    const items = [0, 1, 23, 24, 255, 256, 70_000].map((size) => Buffer.alloc(size, size));
    expect(decodeSequence(encodeSequence(items))).toEqual(items);
    for (const hex of ['4201', '580101', '01', '5b00', '40f6']) expect(decodeSequence(Buffer.from(hex, 'hex'))).toBeUndefined();
  });
});

describe('key file', () => {
  const cost = { N: 1 << 12, r: 8, p: 1 };

  test('opens with its passphrase only, and holds no secret in clear', async () => {
    const text = await sealKeys(testKeys, { passphrase: 'correct horse', random: testRandom('seal'), cost });
    expect(await openAuthorityKeys(text, 'correct horse')).toEqual(testKeys);
    for (const secret of [testKeys.permitRoot, testKeys.evidenceRoot, testKeys.registerSeed]) {
      expect(text).not.toContain(secret.toString('hex'));
      expect(text).not.toContain(secret.toString('base64'));
    }
    const codeOf = (opened: Promise<unknown>): Promise<string> => opened.then(() => 'none', (error: { code: string }) => error.code);
    expect(await codeOf(openAuthorityKeys(text, 'correct horse '))).toBe('KEYS_LOCKED');
    const file = JSON.parse(text) as Record<string, string>;
    for (const field of ['nonce', 'data', 'tag']) {
      const value = file[field] as string;
      const changed = JSON.stringify({ ...file, [field]: (value[0] === 'a' ? 'b' : 'a') + value.slice(1) });
      expect(await codeOf(openAuthorityKeys(changed, 'correct horse'))).toBe('KEYS_LOCKED');
    }
    expect(await codeOf(openAuthorityKeys(text.replace('4096', '99999999'), 'correct horse'))).toBe('KEYS_LOCKED');
    expect(await codeOf(openAuthorityKeys('{}', 'x'))).toBe('KEYS_LOCKED');
    expect(await codeOf(openLinkKeys(text, 'correct horse'))).toBe('KEYS_LOCKED');
    expect(await openLinkKeys(await sealKeys({ linkRoot }, { passphrase: 'p', random: testRandom('l'), cost }), 'p')).toEqual({ linkRoot });
  });

  test('the bridge is given link keys and nothing else', () => {
    const exported = exportLinkKeys({ linkRoot }, [device]);
    expect(JSON.parse(exported)).toEqual({ [deviceId]: identity.linkKey.toString('hex') });
  });
});
