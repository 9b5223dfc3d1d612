/** Where a webhook may go: as every address that others give (common/address.ts), with this program's own error. */
import { judgedUrl, NoAddress, type AddressRules } from '../../common/address';
import { Problem } from '../../common/errors';
import { BRIDGE } from '../faults';

export { mayReach, URL_MAX, type AddressRules } from '../../common/address';

/** An address that may be registered. Throws WEBHOOK_ADDRESS. */
export function checkedUrl(text: string, rules: AddressRules): URL {
  try {
    return judgedUrl(text, rules);
  } catch (error) {
    throw error instanceof NoAddress ? new Problem(BRIDGE.WEBHOOK_ADDRESS, error.message) : error;
  }
}
