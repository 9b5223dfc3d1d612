/** Who the device under test is, and what it was provisioned with. */
import { vaultImage } from '../../firmware/core/provision';
import { ackKey } from '../../protocol/keys';
import { testNatives } from './natives';

export const DEVICE = 'SEAL0001';
export const DIE = 'DIE\0\0\0\0\x01';
export const LINK = 'L'.repeat(32);
export const PERMIT = 'P'.repeat(32);
export const EVIDENCE = 'E'.repeat(32);
export const host = testNatives('host');
export const ACK = ackKey(host, EVIDENCE);
export const T0 = 1_800_000_000;

/** Content of its vault. */
export function image(): string {
  return vaultImage({
    natives: host, deviceId: DEVICE, linkKey: LINK, permitKey: PERMIT, evidenceKey: EVIDENCE, ackKey: ACK,
    people: [{ slot: 3, person: 101 }, { slot: 4, person: 102 }, { slot: 5, person: 103 }], dies: [DIE],
  })!;
}
