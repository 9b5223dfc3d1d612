/** Names of the device's refusals, the stable codes by which the APIs tell them. Texts stand in protocol/texts.ts. */
import { RefusalCode } from '../../protocol';

const NAMES: Record<RefusalCode, string> = {
  [RefusalCode.REFUSAL_CODE_UNSPECIFIED]: 'UNSPECIFIED',
  [RefusalCode.MALFORMED]: 'MALFORMED',
  [RefusalCode.UNKNOWN_MESSAGE]: 'UNKNOWN_MESSAGE',
  [RefusalCode.NOT_AUTHENTIC]: 'NOT_AUTHENTIC',
  [RefusalCode.WRONG_DEVICE]: 'WRONG_DEVICE',
  [RefusalCode.WRONG_DIE]: 'WRONG_DIE',
  [RefusalCode.TOO_EARLY]: 'TOO_EARLY',
  [RefusalCode.EXPIRED]: 'EXPIRED',
  [RefusalCode.TIME_UNKNOWN]: 'TIME_UNKNOWN',
  [RefusalCode.REVOKED]: 'REVOKED',
  [RefusalCode.REPLAYED]: 'REPLAYED',
  [RefusalCode.USED_UP]: 'USED_UP',
  [RefusalCode.UNSUPPORTED]: 'UNSUPPORTED',
  [RefusalCode.STORE_FULL]: 'STORE_FULL',
  [RefusalCode.LOG_FULL]: 'LOG_FULL',
  [RefusalCode.ALARM_ACTIVE]: 'ALARM_ACTIVE',
  [RefusalCode.UNKNOWN_PERMIT]: 'UNKNOWN_PERMIT',
  [RefusalCode.UNKNOWN_PERSON]: 'UNKNOWN_PERSON',
  [RefusalCode.STALE]: 'STALE',
  [RefusalCode.BUSY]: 'BUSY',
  [RefusalCode.NOT_FOUND]: 'NOT_FOUND',
  [RefusalCode.CLOCK_BACKWARDS]: 'CLOCK_BACKWARDS',
  [RefusalCode.BATTERY_LOW]: 'BATTERY_LOW',
  [RefusalCode.HARDWARE]: 'HARDWARE',
  [RefusalCode.SAME_PERSON]: 'SAME_PERSON',
  [RefusalCode.IMAGE_OLD]: 'IMAGE_OLD',
  [RefusalCode.IMAGE_WRONG]: 'IMAGE_WRONG',
  [RefusalCode.NO_UPDATE]: 'NO_UPDATE',
  [RefusalCode.IMAGE_OFFSET]: 'IMAGE_OFFSET',
  [RefusalCode.OUTSIDE]: 'OUTSIDE',
  [RefusalCode.NO_FIX]: 'NO_FIX',
  [RefusalCode.MOVED]: 'MOVED',
  [RefusalCode.NOT_DOCKED]: 'NOT_DOCKED',
  [RefusalCode.WRONG_CODE]: 'WRONG_CODE',
  [RefusalCode.CODE_LOCKED]: 'CODE_LOCKED',
  [RefusalCode.WAIT]: 'WAIT',
  [RefusalCode.WRONG_MEANS]: 'WRONG_MEANS',
  [RefusalCode.SUSPENDED]: 'SUSPENDED',
  [RefusalCode.WEAK_CODE]: 'WEAK_CODE',
  [RefusalCode.READER]: 'READER',
  [RefusalCode.WRONG_ANSWER]: 'WRONG_ANSWER',
  [RefusalCode.OFFLINE_LOCKED]: 'OFFLINE_LOCKED',
  [RefusalCode.CODE_SPENT]: 'CODE_SPENT',
  [RefusalCode.MISTYPED]: 'MISTYPED',
};

/** The name of a refusal; of one this program does not know, its number. */
export function refusalName(code: number): string {
  return NAMES[code as RefusalCode] ?? `REFUSAL_${code}`;
}
